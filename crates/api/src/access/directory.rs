//! Settings of realms in directories and at OpenID providers: declared because the interface has them, refused as long as
//! there are no such realms.

use schema::{Choice, Params, Props};

/// All of them.
#[derive(Params)]
pub(super) struct Directory {
    /// Authentication contexts to ask an OpenID provider for.
    #[param(name = "acr-values", pattern = r##"[^\x00-\x1F\x7F <>#"]*"##, later)]
    acr_values: Option<String>,
    /// Further audiences that an OpenID token may be for.
    #[param(pattern = r##"[^\x00-\x1F\x7F <>#"]*"##, later)]
    audiences: Option<String>,
    /// Create users at their first login.
    #[param(later)]
    autocreate: Option<bool>,
    /// Where users are in the directory.
    #[param(max_len = 256, later)]
    base_dn: Option<String>,
    /// As whom to read the directory.
    #[param(max_len = 256, later)]
    bind_dn: Option<String>,
    /// File or folder of certificate authorities.
    #[param(later)]
    capath: Option<String>,
    /// Do names differ by case?
    #[param(name = "case-sensitive", later)]
    case_sensitive: Option<bool>,
    /// File of the client certificate.
    #[param(later)]
    cert: Option<String>,
    /// File of its key.
    #[param(later)]
    certkey: Option<String>,
    /// Try the connection first.
    #[param(name = "check-connection", later)]
    check_connection: Option<bool>,
    /// Our ID at the OpenID provider.
    #[param(name = "client-id", max_len = 256, later)]
    client_id: Option<String>,
    /// Our key at the OpenID provider.
    #[param(name = "client-key", max_len = 256, later)]
    client_key: Option<String>,
    /// Domain of Active Directory.
    #[param(max_len = 256, pattern = r##"\S+"##, later)]
    domain: Option<String>,
    /// Filter for users.
    #[param(max_len = 2048, later)]
    filter: Option<String>,
    /// Object classes of groups.
    #[param(format = "ldap-simple-attr-list", later)]
    group_classes: Option<String>,
    /// Where groups are in the directory.
    #[param(max_len = 256, later)]
    group_dn: Option<String>,
    /// Filter for groups.
    #[param(max_len = 2048, later)]
    group_filter: Option<String>,
    /// Attribute that names a group.
    #[param(max_len = 256, format = "ldap-simple-attr", later)]
    group_name_attr: Option<String>,
    /// Create groups that an OpenID provider names.
    #[param(name = "groups-autocreate", later)]
    groups_autocreate: Option<bool>,
    /// Claim that names the groups.
    #[param(name = "groups-claim", max_len = 256, pattern = r##"(?:[A-Za-z0-9\.\-_]+)"##, later)]
    groups_claim: Option<String>,
    /// Leave groups that the provider does not name.
    #[param(name = "groups-overwrite", later)]
    groups_overwrite: Option<bool>,
    /// Address of the OpenID provider.
    #[param(name = "issuer-url", max_len = 256, later)]
    issuer_url: Option<String>,
    /// How the directory is spoken to.
    #[param(later)]
    mode: Option<LdapMode>,
    /// Password to read the directory with.
    #[param(later)]
    password: Option<String>,
    /// Port of the server.
    #[param(min = 1, max = 65535, later)]
    port: Option<u16>,
    /// What an OpenID provider shall ask its user.
    #[param(pattern = r##"(?:none|login|consent|select_account|\S+)"##, later)]
    prompt: Option<String>,
    /// Ask the provider for more about the user.
    #[param(name = "query-userinfo", later)]
    query_userinfo: Option<bool>,
    /// Scopes to ask the provider for.
    #[param(later)]
    scopes: Option<String>,
    /// Speak to the directory in encrypted form; replaced by `mode`.
    #[param(later)]
    secure: Option<bool>,
    /// First server.
    #[param(max_len = 256, format = "address", later)]
    server1: Option<String>,
    /// Second server.
    #[param(max_len = 256, format = "address", later)]
    server2: Option<String>,
    /// Version of TLS; newer ones are negotiated.
    #[param(later)]
    sslversion: Option<TlsVersion>,
    /// What a synchronisation does if not told otherwise.
    #[param(name = "sync-defaults-options", later)]
    sync_defaults_options: Option<Props<SyncDefaults>>,
    /// Which attributes fill which fields of a user.
    #[param(pattern = r##"\w+=[^,]+(,\s*\w+=[^,]+)*"##, later)]
    sync_attributes: Option<String>,
    /// Second factor that everyone of the realm needs.
    #[param(max_len = 128, later)]
    tfa: Option<Props<RealmTfa>>,
    /// Attribute that names a user.
    #[param(max_len = 256, pattern = r##"\S{2,}"##, later)]
    user_attr: Option<String>,
    /// Object classes of users.
    #[param(format = "ldap-simple-attr-list", later)]
    user_classes: Option<String>,
    /// Check the server's certificate.
    #[param(later)]
    verify: Option<bool>,
}

/// How a directory is spoken to.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum LdapMode {
    /// In the clear.
    Ldap,
    /// In the clear, then encrypted.
    #[choice("ldap+starttls")]
    Starttls,
    /// Encrypted.
    Ldaps,
}

/// Version of TLS.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum TlsVersion {
    /// 1.0
    #[choice("tlsv1")]
    V10,
    /// 1.1
    #[choice("tlsv1_1")]
    V11,
    /// 1.2
    #[choice("tlsv1_2")]
    V12,
    /// 1.3
    #[choice("tlsv1_3")]
    V13,
}

/// What is synchronised.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Users.
    Users,
    /// Groups.
    Groups,
    /// Both.
    Both,
}

/// What a synchronisation does if not told otherwise.
#[derive(Params)]
struct SyncDefaults {
    /// Let new users log in.
    #[param(name = "enable-new", default = "1")]
    enable_new: bool,
    /// Remove what the directory does not have; replaced by `remove-vanished`.
    full: Option<bool>,
    /// Remove access control entries of what vanished; replaced by `remove-vanished`.
    purge: Option<bool>,
    /// What to remove of users and groups that vanished.
    #[param(name = "remove-vanished", pattern = "(?:(?:(?:acl|properties|entry);)*(?:acl|properties|entry))|none")]
    remove_vanished: Option<String>,
    /// What to synchronise.
    scope: Option<Scope>,
}

/// Kind of second factor.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum TfaType {
    /// Yubico's one-time passwords.
    Yubico,
    /// Time-based one-time passwords.
    Oath,
}

/// Second factor of a realm.
#[derive(Params)]
struct RealmTfa {
    /// Kind of second factor.
    r#type: TfaType,
    /// Our ID at Yubico's service.
    id: Option<String>,
    /// Our key at Yubico's service.
    key: Option<String>,
    /// Address of Yubico's service.
    url: Option<String>,
    /// Digits of a one-time password.
    #[param(min = 6, max = 8, default = "6")]
    digits: u32,
    /// Seconds that a one-time password is good for.
    #[param(min = 10, default = "30")]
    step: u32,
}
