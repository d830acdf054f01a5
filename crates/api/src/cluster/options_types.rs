//! Values of the datacenter's settings.

use schema::{Choice, Params};

/// Viewer of consoles.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Console {
    /// Java applet; gone.
    Applet,
    /// An external viewer for SPICE.
    Vv,
    /// noVNC.
    Html5,
    /// xterm.js.
    #[choice("xtermjs")]
    XtermJs,
}

/// How to make sure that a lost node is off.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fencing {
    /// By its own watchdog.
    Watchdog,
    /// By a power switch.
    Hardware,
    /// Both.
    Both,
}

/// KIBytes a second, by kind of copy.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct BandwidthLimits {
    /// Cloning.
    #[param(min = 0)]
    clone: Option<f64>,
    /// Whatever has no limit of its own.
    #[param(min = 0)]
    default: Option<f64>,
    /// Migration.
    #[param(min = 0)]
    migration: Option<f64>,
    /// Moving disks.
    #[param(name = "move", min = 0)]
    moving: Option<f64>,
    /// Restoring.
    #[param(min = 0)]
    restore: Option<f64>,
}

/// How high availability knows what nodes have room.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchedulingMode {
    /// By counting guests.
    Basic,
    /// By what guests are configured to have.
    Static,
    /// By what guests use.
    Dynamic,
}

/// How the best balance is found.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BalanceMethod {
    /// Trying everything.
    Bruteforce,
    /// By distance from an ideal.
    Topsis,
}

/// How to choose nodes for guests.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct Scheduling {
    /// How to know what nodes have room.
    #[param(default = "basic")]
    ha: Option<SchedulingMode>,
    /// Move guests when nodes are unevenly loaded.
    #[param(name = "ha-auto-rebalance", default = "0")]
    auto: Option<bool>,
    /// Rounds that the imbalance must last.
    #[param(name = "ha-auto-rebalance-hold-duration", min = 0, default = "3", requires = "ha-auto-rebalance")]
    hold: Option<f64>,
    /// Percent that a move must improve the balance by.
    #[param(name = "ha-auto-rebalance-margin", min = 0, max = 100, default = "10", requires = "ha-auto-rebalance")]
    margin: Option<f64>,
    /// How the best balance is found.
    #[param(name = "ha-auto-rebalance-method", default = "bruteforce", requires = "ha-auto-rebalance")]
    method: Option<BalanceMethod>,
    /// Percent of imbalance from which on guests are moved.
    #[param(name = "ha-auto-rebalance-threshold", min = 0, max = 100, default = "30", requires = "ha-auto-rebalance")]
    threshold: Option<f64>,
    /// Choose a node when a guest is started.
    #[param(name = "ha-rebalance-on-start", default = "0")]
    on_start: Option<bool>,
}

/// What happens to guests when their node shuts down.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShutdownPolicy {
    /// They wait for it.
    Freeze,
    /// They are started elsewhere.
    Failover,
    /// They wait for a reboot and go elsewhere otherwise.
    Conditional,
    /// They are moved first.
    Migrate,
}

/// Settings of high availability.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct HaSettings {
    /// What happens to guests when their node shuts down.
    shutdown_policy: ShutdownPolicy,
}

/// A place on Earth.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct Location {
    /// Degrees north.
    #[param(min = -90, max = 90)]
    latitude: f64,
    /// Degrees east.
    #[param(min = -180, max = 180)]
    longitude: f64,
    /// Its name.
    #[param(max_len = 128)]
    name: Option<String>,
}

/// Whether data between nodes is encrypted.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransferType {
    /// It is.
    Secure,
    /// It is not.
    Insecure,
}

/// How data travels between nodes.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct Transfer {
    /// Over which network.
    #[param(format = "CIDR")]
    network: Option<String>,
    /// Whether it is encrypted.
    #[param(name = "type", default_key)]
    kind: TransferType,
}

/// Limits of generated guest IDs.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct NextId {
    /// The first one.
    #[param(default = "100")]
    lower: Option<u64>,
    /// Above the last one.
    #[param(default = "1000000")]
    upper: Option<u64>,
}

/// Whether to notify.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Always {
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Whether to notify of package updates.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Updates {
    /// With a subscription.
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// What to send notifications about.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct Notify {
    /// Fencing.
    fencing: Option<Always>,
    /// Package updates.
    #[param(name = "package-updates", default = "auto")]
    package_updates: Option<Updates>,
    /// Failed replication.
    replication: Option<Always>,
    /// Whom to tell of fencing.
    #[param(name = "target-fencing")]
    target_fencing: Option<String>,
    /// Whom to tell of package updates.
    #[param(name = "target-package-updates")]
    target_package_updates: Option<String>,
    /// Whom to tell of failed replication.
    #[param(name = "target-replication")]
    target_replication: Option<String>,
}

/// Order of tags.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagOrder {
    /// As configured.
    Config,
    /// By name.
    Alphabetical,
}

/// Shape of tags.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagShape {
    /// With their text.
    Full,
    /// A dot.
    Circle,
    /// A bar.
    Dense,
    /// Hidden.
    None,
}

/// Looks of tags.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct TagStyle {
    /// Whether `A` and `a` are two tags.
    #[param(name = "case-sensitive", default = "0")]
    case_sensitive: Option<bool>,
    /// Colours: `tag:background[:text]`, separated by semicolons.
    #[param(
        name = "color-map",
        pattern = r"(?:(?i:[a-z0-9_][a-z0-9_\-\+\.]*):[0-9a-fA-F]{6}(?::[0-9a-fA-F]{6})?)(?:;(?:(?i:[a-z0-9_][a-z0-9_\-\+\.]*):[0-9a-fA-F]{6}(?::[0-9a-fA-F]{6})?))*"
    )]
    color_map: Option<String>,
    /// Their order.
    #[param(default = "alphabetical")]
    ordering: Option<TagOrder>,
    /// Their shape.
    #[param(default = "circle")]
    shape: Option<TagShape>,
}

/// Settings for U2F keys.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct U2f {
    /// URL that keys are bound to.
    appid: Option<String>,
    /// Origin of the web interface.
    origin: Option<String>,
}

/// Settings for WebAuthn keys.
#[derive(Params, Clone, Debug, PartialEq)]
pub(crate) struct Webauthn {
    /// Whether subdomains may be used too.
    #[param(name = "allow-subdomains", default = "1")]
    allow_subdomains: Option<bool>,
    /// Domain that keys are bound to.
    id: Option<String>,
    /// Origin of the web interface.
    origin: Option<String>,
    /// Name shown to users.
    rp: Option<String>,
}

/// Keyboard layouts, by the codes that QEMU knows them by.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Keyboard {
    #[choice("de")]
    De,
    #[choice("de-ch")]
    DeCh,
    #[choice("da")]
    Da,
    #[choice("en-gb")]
    EnGb,
    #[choice("en-us")]
    EnUs,
    #[choice("es")]
    Es,
    #[choice("fi")]
    Fi,
    #[choice("fr")]
    Fr,
    #[choice("fr-be")]
    FrBe,
    #[choice("fr-ca")]
    FrCa,
    #[choice("fr-ch")]
    FrCh,
    #[choice("hu")]
    Hu,
    #[choice("is")]
    Is,
    #[choice("it")]
    It,
    #[choice("ja")]
    Ja,
    #[choice("lt")]
    Lt,
    #[choice("mk")]
    Mk,
    #[choice("nl")]
    Nl,
    #[choice("no")]
    No,
    #[choice("pl")]
    Pl,
    #[choice("pt")]
    Pt,
    #[choice("pt-br")]
    PtBr,
    #[choice("sv")]
    Sv,
    #[choice("sl")]
    Sl,
    #[choice("tr")]
    Tr,
}

/// Languages of the web interface, by their codes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) enum Language {
    #[choice("ar")]
    Ar,
    #[choice("ca")]
    Ca,
    #[choice("da")]
    Da,
    #[choice("de")]
    De,
    #[choice("en")]
    En,
    #[choice("es")]
    Es,
    #[choice("eu")]
    Eu,
    #[choice("fa")]
    Fa,
    #[choice("fr")]
    Fr,
    #[choice("hr")]
    Hr,
    #[choice("he")]
    He,
    #[choice("it")]
    It,
    #[choice("ja")]
    Ja,
    #[choice("ka")]
    Ka,
    #[choice("kr")]
    Kr,
    #[choice("nb")]
    Nb,
    #[choice("nl")]
    Nl,
    #[choice("nn")]
    Nn,
    #[choice("pl")]
    Pl,
    #[choice("pt_BR")]
    PtBr,
    #[choice("ru")]
    Ru,
    #[choice("sl")]
    Sl,
    #[choice("sv")]
    Sv,
    #[choice("tr")]
    Tr,
    #[choice("ukr")]
    Ukr,
    #[choice("zh_CN")]
    ZhCn,
    #[choice("zh_TW")]
    ZhTw,
}
