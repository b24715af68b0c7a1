package io.restpipe.auth.password;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which roles the groups of a directory give. */
final class LdapGroups {

  private LdapGroups() {}

  /**
   * The roles.
   *
   * @param roleOfGroup by DN, or by the first value of one alone
   * @param groups DNs
   */
  static Set<String> roles(Map<String, String> roleOfGroup, Collection<String> groups) {
    Set<String> roles = new LinkedHashSet<>();
    for (Map.Entry<String, String> mapping : roleOfGroup.entrySet()) {
      if (groups.stream().anyMatch(group -> is(group, mapping.getKey()))) {
        roles.add(mapping.getValue());
      }
    }
    return roles;
  }

  private static boolean is(String dn, String named) {
    try {
      DN group = new DN(dn);
      if (named.indexOf('=') >= 0) {
        return group.equals(new DN(named));
      }
      RDN rdn = group.getRDN();
      return rdn != null && rdn.getAttributeValues()[0].equalsIgnoreCase(named);
    } catch (LDAPException notDn) {
      return dn.equalsIgnoreCase(named);
    }
  }
}
