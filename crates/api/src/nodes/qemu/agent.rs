//! `/nodes/{node}/qemu/{vmid}/agent…`: what the agent in a guest is asked.

use access::Access;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use schema::{ApiError, Choice, NodeName, NonEmpty, Params, Reply, Vmid};
use serde_json::{Value, json};

use super::{OfVm, refused};
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

const VM: &str = "/vms/{vmid}";
const AUDIT: Access = Access::any(VM, &["VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"]);
const MGMT: Access = Access::any(VM, &["VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.Unrestricted"]);
const MGMT_AUDIT: Access =
    Access::any(VM, &["VM.GuestAgent.Audit", "VM.GuestAgent.FileSystemMgmt", "VM.GuestAgent.Unrestricted"]);
const POWER: Access = Access::any(VM, &["VM.PowerMgmt", "VM.GuestAgent.Unrestricted"]);
const READ: Access = Access::any(VM, &["VM.GuestAgent.FileRead", "VM.GuestAgent.Unrestricted"]);
const WRITE: Access = Access::any(VM, &["VM.GuestAgent.FileWrite", "VM.GuestAgent.Unrestricted"]);
const ALL: Access = Access::perm(VM, &["VM.GuestAgent.Unrestricted"]);

endpoints! {
    /// Lists what the agent can be asked.
    GET "/nodes/{node}/qemu/{vmid}/agent" => index, name = "index", Access::User, Target::Node;
    /// Asks the agent by the name of the command.
    POST "/nodes/{node}/qemu/{vmid}/agent" => by_name, name = "agent", ANY, Target::Node;
    /// Starts a program in the guest.
    POST "/nodes/{node}/qemu/{vmid}/agent/exec" => exec, name = "exec", ALL, Target::Node;
    /// Tells how a started program is doing, and what it printed.
    GET "/nodes/{node}/qemu/{vmid}/agent/exec-status" => exec_status, name = "exec-status", ALL, Target::Node;
    /// Reads a file of the guest.
    GET "/nodes/{node}/qemu/{vmid}/agent/file-read" => file_read, name = "file-read", READ, Target::Node;
    /// Writes a file of the guest.
    POST "/nodes/{node}/qemu/{vmid}/agent/file-write" => file_write, name = "file-write", WRITE, Target::Node;
    /// Sets the password of a user of the guest.
    POST "/nodes/{node}/qemu/{vmid}/agent/set-user-password" => set_user_password, name = "set-user-password",
        ALL, Target::Node;
    /// Freezes all file systems of the guest, until they are thawed.
    POST "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-freeze" => fsfreeze_freeze, name = "fsfreeze-freeze", MGMT, Target::Node;
    /// Tells whether file systems of the guest are frozen.
    POST "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-status" => fsfreeze_status, name = "fsfreeze-status", MGMT_AUDIT, Target::Node;
    /// Thaws all frozen file systems of the guest.
    POST "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw" => fsfreeze_thaw, name = "fsfreeze-thaw", MGMT, Target::Node;
    /// Gives space that the file systems of the guest do not use back.
    POST "/nodes/{node}/qemu/{vmid}/agent/fstrim" => fstrim, name = "fstrim", MGMT, Target::Node;
    /// Lists the mounted file systems of the guest.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-fsinfo" => get_fsinfo, name = "get-fsinfo", AUDIT, Target::Node;
    /// Tells the name that the guest has for itself.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-host-name" => get_host_name, name = "get-host-name", AUDIT, Target::Node;
    /// Tells how large the blocks are in which the guest takes and gives memory.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-memory-block-info" => get_memory_block_info, name = "get-memory-block-info", AUDIT, Target::Node;
    /// Lists the blocks of memory of the guest.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-memory-blocks" => get_memory_blocks, name = "get-memory-blocks", AUDIT, Target::Node;
    /// Tells what system the guest runs.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-osinfo" => get_osinfo, name = "get-osinfo", AUDIT, Target::Node;
    /// Tells the time in the guest, nanoseconds since 1970.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-time" => get_time, name = "get-time", AUDIT, Target::Node;
    /// Tells the time zone of the guest.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-timezone" => get_timezone, name = "get-timezone", AUDIT, Target::Node;
    /// Lists who is logged in in the guest.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-users" => get_users, name = "get-users", AUDIT, Target::Node;
    /// Lists the processors as the guest sees them.
    GET "/nodes/{node}/qemu/{vmid}/agent/get-vcpus" => get_vcpus, name = "get-vcpus", AUDIT, Target::Node;
    /// Tells the version of the agent and what it can do.
    GET "/nodes/{node}/qemu/{vmid}/agent/info" => info, name = "info", AUDIT, Target::Node;
    /// Lists the network interfaces of the guest, with their addresses.
    GET "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces" => network_get_interfaces, name = "network-get-interfaces", AUDIT, Target::Node;
    /// Answers if the agent does.
    POST "/nodes/{node}/qemu/{vmid}/agent/ping" => ping, name = "ping", AUDIT, Target::Node;
    /// Shuts the guest down.
    POST "/nodes/{node}/qemu/{vmid}/agent/shutdown" => shutdown, name = "shutdown", POWER, Target::Node;
    /// Has the guest save itself to its disk and switch off.
    POST "/nodes/{node}/qemu/{vmid}/agent/suspend-disk" => suspend_disk, name = "suspend-disk", POWER, Target::Node;
    /// Has the guest save itself to its disk and sleep.
    POST "/nodes/{node}/qemu/{vmid}/agent/suspend-hybrid" => suspend_hybrid, name = "suspend-hybrid", POWER, Target::Node;
    /// Has the guest sleep.
    POST "/nodes/{node}/qemu/{vmid}/agent/suspend-ram" => suspend_ram, name = "suspend-ram", POWER, Target::Node;
}

const ANY: Access = Access::any(VM, &["VM.GuestAgent.Unrestricted"]);

/// What the agent answered.
#[derive(Reply)]
struct Answered {
    /// In its own words.
    result: Value,
}

async fn ask(call: &Call, vmid: Vmid, command: &str, arguments: Value) -> Result<Value, ApiError> {
    call.node.vms.agent(vmid, &format!("guest-{command}"), arguments).await.map_err(refused)
}

/// Handlers of commands without parameters, and their names for [`by_name`].
macro_rules! plain {
    ($($handler:ident $variant:ident $command:literal,)*) => {
        $(async fn $handler(call: Call, p: OfVm) -> Result<Answered, ApiError> {
            Ok(Answered { result: ask(&call, p.vmid, $command, json!({})).await? })
        })*

        /// Commands without parameters.
        #[derive(Choice, Clone, Copy, Debug)]
        enum Command {
            $(#[choice($command)] $variant,)*
        }
    };
}

plain! {
    fsfreeze_freeze FsfreezeFreeze "fsfreeze-freeze",
    fsfreeze_status FsfreezeStatus "fsfreeze-status",
    fsfreeze_thaw FsfreezeThaw "fsfreeze-thaw",
    fstrim Fstrim "fstrim",
    get_fsinfo GetFsinfo "get-fsinfo",
    get_host_name GetHostName "get-host-name",
    get_memory_block_info GetMemoryBlockInfo "get-memory-block-info",
    get_memory_blocks GetMemoryBlocks "get-memory-blocks",
    get_osinfo GetOsinfo "get-osinfo",
    get_time GetTime "get-time",
    get_timezone GetTimezone "get-timezone",
    get_users GetUsers "get-users",
    get_vcpus GetVcpus "get-vcpus",
    info Info "info",
    network_get_interfaces NetworkGetInterfaces "network-get-interfaces",
    ping Ping "ping",
    shutdown Shutdown "shutdown",
    suspend_disk SuspendDisk "suspend-disk",
    suspend_hybrid SuspendHybrid "suspend-hybrid",
    suspend_ram SuspendRam "suspend-ram",
}

async fn index(call: Call, p: OfVm) -> Result<Vec<Subdir>, ApiError> {
    call.node.vms.get(p.vmid).map_err(refused)?;
    Ok(call.listing())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct ByName {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The command.
    command: Command,
}

async fn by_name(call: Call, p: ByName) -> Result<Answered, ApiError> {
    Ok(Answered { result: ask(&call, p.vmid, p.command.as_str(), json!({})).await? })
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Exec {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The program, and its arguments.
    command: NonEmpty<String>,
    /// What it reads from its standard input.
    #[param(name = "input-data", max_len = 65536)]
    input_data: Option<String>,
}

/// A started program.
#[derive(Reply)]
struct Started {
    /// Its process ID in the guest.
    pid: Value,
}

async fn exec(call: Call, p: Exec) -> Result<Started, ApiError> {
    let Some((program, arguments)) = p.command.0.split_first() else {
        return Err(ApiError::param("command", "the program is missing"));
    };
    let mut wish = json!({ "path": program, "arg": arguments, "capture-output": true });
    if let Some(input) = p.input_data {
        wish["input-data"] = BASE64.encode(input).into();
    }
    Ok(Started { pid: ask(&call, p.vmid, "exec", wish).await?["pid"].take() })
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct ExecStatus {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The program's process ID.
    pid: i64,
}

/// A program that was started.
#[derive(Reply)]
struct Ran {
    /// What it wrote to its standard error.
    #[reply(name = "err-data")]
    err_data: Option<String>,
    /// There was more of that.
    #[reply(name = "err-truncated")]
    err_truncated: Option<bool>,
    /// Its exit code.
    exitcode: Option<Value>,
    /// It has ended.
    exited: bool,
    /// What it wrote to its standard output.
    #[reply(name = "out-data")]
    out_data: Option<String>,
    /// There was more of that.
    #[reply(name = "out-truncated")]
    out_truncated: Option<bool>,
    /// The signal that ended it.
    signal: Option<Value>,
}

async fn exec_status(call: Call, p: ExecStatus) -> Result<Ran, ApiError> {
    let mut said = ask(&call, p.vmid, "exec-status", json!({ "pid": p.pid })).await?;
    let text = |value: &Value| value.as_str().map(decoded);
    Ok(Ran {
        err_data: text(&said["err-data"]),
        err_truncated: said["err-truncated"].as_bool(),
        exited: said["exited"] == true,
        out_data: text(&said["out-data"]),
        out_truncated: said["out-truncated"].as_bool(),
        exitcode: said.get_mut("exitcode").map(Value::take),
        signal: said.get_mut("signal").map(Value::take),
    })
}

/// Text out of base64; what is no text is replaced, and what is no base64 stays.
fn decoded(text: &str) -> String {
    BASE64.decode(text).map_or_else(|_| text.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct FileRead {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Most bytes to read.
    #[param(min = 1, max = 16777216, default = "16777216")]
    count: Option<u64>,
    /// Answer text; else base64, as the agent says it.
    #[param(default = "1")]
    decode: Option<bool>,
    /// Its path in the guest.
    file: String,
    /// Where to begin, bytes.
    #[param(min = 0, default = "0")]
    offset: Option<u64>,
}

/// Content of a file.
#[derive(Reply)]
struct Content {
    /// It.
    content: String,
    /// There is more.
    truncated: Option<bool>,
}

/// Bytes that are read at a time.
const CHUNK: u64 = 1 << 20;

/// Most bytes of a file that are read at once.
const MOST: u64 = 16 << 20;

async fn file_read(call: Call, p: FileRead) -> Result<Content, ApiError> {
    let handle = ask(&call, p.vmid, "file-open", json!({ "path": p.file, "mode": "rb" })).await?;
    let read = read_open(&call, &p, &handle).await;
    close(&call, p.vmid, &handle).await;
    let (bytes, more) = read?;
    let content =
        if p.decode == Some(false) { BASE64.encode(bytes) } else { String::from_utf8_lossy(&bytes).into_owned() };
    Ok(Content { content, truncated: more.then_some(true) })
}

async fn read_open(call: &Call, p: &FileRead, handle: &Value) -> Result<(Vec<u8>, bool), ApiError> {
    if let Some(offset) = p.offset.filter(|offset| *offset > 0) {
        ask(call, p.vmid, "file-seek", json!({ "handle": handle, "offset": offset, "whence": "set" })).await?;
    }
    let wanted = p.count.unwrap_or(MOST);
    let mut bytes = Vec::new();
    loop {
        let left = wanted.saturating_sub(bytes.len() as u64);
        if left == 0 {
            return Ok((bytes, true));
        }
        let part = ask(call, p.vmid, "file-read", json!({ "handle": handle, "count": left.min(CHUNK) })).await?;
        let some = BASE64.decode(part["buf-b64"].as_str().unwrap_or_default()).unwrap_or_default();
        let end = part["eof"] == true || some.is_empty();
        bytes.extend(some);
        if end {
            return Ok((bytes, false));
        }
    }
}

/// A file that stays open in the guest hurts only the guest.
async fn close(call: &Call, vmid: Vmid, handle: &Value) {
    if let Err(error) = ask(call, vmid, "file-close", json!({ "handle": handle })).await {
        tracing::debug!("VM {vmid}: {error}");
    }
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct FileWrite {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// What to write.
    #[param(max_len = 61440)]
    content: String,
    /// The content is text; else base64 already.
    #[param(default = "1")]
    encode: Option<bool>,
    /// Its path in the guest.
    file: String,
}

async fn file_write(call: Call, p: FileWrite) -> Result<(), ApiError> {
    let data = if p.encode == Some(false) { p.content } else { BASE64.encode(p.content) };
    let handle = ask(&call, p.vmid, "file-open", json!({ "path": p.file, "mode": "wb" })).await?;
    let written = ask(&call, p.vmid, "file-write", json!({ "handle": handle, "buf-b64": data })).await;
    close(&call, p.vmid, &handle).await;
    written.map(drop)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct SetUserPassword {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The password is a hash already (crypt(3)).
    #[param(default = "0")]
    crypted: Option<bool>,
    /// The password.
    #[param(min_len = 5, max_len = 1024)]
    password: String,
    /// The user.
    username: String,
}

async fn set_user_password(call: Call, p: SetUserPassword) -> Result<Answered, ApiError> {
    let wish = json!({
        "username": p.username, "password": BASE64.encode(p.password), "crypted": p.crypted == Some(true),
    });
    Ok(Answered { result: ask(&call, p.vmid, "set-user-password", wish).await? })
}
