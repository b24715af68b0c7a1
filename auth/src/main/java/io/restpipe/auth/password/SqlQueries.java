package io.restpipe.auth.password;

import org.jspecify.annotations.Nullable;

/**
 * The statements by which a table of users is used. Each may be another one for a table that is
 * there already; one that is null can't be done with that table.
 *
 * @param find a user by {@code ?} (the same text for each): columns {@code id, name,
 *     hashed_password}, and where there are {@code email, roles, disabled}; roles are parted by
 *     commas or spaces
 * @param list all users, the same columns
 * @param insert {@code name, email, hashed_password, roles}, in this order
 * @param setHash {@code hashed_password, name}
 * @param upgradeHash {@code new hashed_password, id, old hashed_password}
 * @param setRoles {@code roles, name}
 * @param setDisabled {@code disabled, name}
 * @param remove {@code name}
 */
public record SqlQueries(
    String find,
    @Nullable String list,
    @Nullable String insert,
    @Nullable String setHash,
    @Nullable String upgradeHash,
    @Nullable String setRoles,
    @Nullable String setDisabled,
    @Nullable String remove) {

  /** Those of the table that is made on start. */
  public static SqlQueries own() {
    String columns = "SELECT id, name, email, hashed_password, roles, disabled FROM restpipe_users";
    return new SqlQueries(
        columns + " WHERE name = ? OR email = ?",
        columns + " ORDER BY name",
        "INSERT INTO restpipe_users (name, email, hashed_password, roles) VALUES (?, ?, ?, ?)",
        "UPDATE restpipe_users SET hashed_password = ? WHERE name = ?",
        "UPDATE restpipe_users SET hashed_password = ? WHERE id = ? AND hashed_password = ?",
        "UPDATE restpipe_users SET roles = ? WHERE name = ?",
        "UPDATE restpipe_users SET disabled = ? WHERE name = ?",
        "DELETE FROM restpipe_users WHERE name = ?");
  }

  /** Those of sse-platform's table {@code users}, which has one role a user and keeps none out. */
  public static SqlQueries ssePlatform() {
    String columns = "SELECT id, name, email, hashed_password, role AS roles FROM users";
    return new SqlQueries(
        columns + " WHERE name = ? OR email = ?",
        columns + " ORDER BY name",
        "INSERT INTO users (name, email, hashed_password, role) VALUES (?, ?, ?, ?)",
        "UPDATE users SET hashed_password = ? WHERE name = ?",
        "UPDATE users SET hashed_password = ? WHERE id = ? AND hashed_password = ?",
        "UPDATE users SET role = ? WHERE name = ?",
        null,
        "DELETE FROM users WHERE name = ?");
  }

  /** Only finds users; the table is somebody else's. */
  public static SqlQueries findOnly(String find) {
    return new SqlQueries(find, null, null, null, null, null, null, null);
  }
}
