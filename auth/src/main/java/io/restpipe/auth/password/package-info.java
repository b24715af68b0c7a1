/**
 * Users and their passwords: stores of users (a file, a database, an LDAP directory, a chain of
 * these) behind one small interface, and the hashes of passwords.
 *
 * <p>Imports core only.
 */
@NullMarked
package io.restpipe.auth.password;

import org.jspecify.annotations.NullMarked;
