//! The calls into C libraries for which no safe, kept wrapper exists. The only module of the product that may be unsafe.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, CString, c_char, c_int, c_void},
    io,
    os::fd::{AsRawFd as _, BorrowedFd},
};

use nix::libc;

/// What `crypt_rn` wants as working space, bytes (`sizeof(struct crypt_data)` of libxcrypt).
const CRYPT_DATA: usize = 32768;

#[link(name = "crypt")]
unsafe extern "C" {
    fn crypt_rn(phrase: *const c_char, setting: *const c_char, data: *mut c_void, size: c_int) -> *mut c_char;
}

/// crypt(3): hashes `phrase` as `setting` (a whole hash or its beginning with method and salt) tells.
///
/// # Errors
/// When either text holds a NUL byte or the library knows no such method.
pub fn crypt(phrase: &str, setting: &str) -> io::Result<String> {
    let phrase = CString::new(phrase).map_err(io::Error::other)?;
    let setting = CString::new(setting).map_err(io::Error::other)?;
    // u64 elements give the alignment that the structure asks for.
    let mut space = vec![0_u64; CRYPT_DATA / 8];
    let size = c_int::try_from(CRYPT_DATA).map_err(io::Error::other)?;
    // SAFETY: both texts end with NUL and live across the call; the space is as large as said, zeroed and aligned; the
    // answer, if any, is a NUL-terminated text inside that space, copied before the space is freed.
    let text = unsafe {
        let hash = crypt_rn(phrase.as_ptr(), setting.as_ptr(), space.as_mut_ptr().cast(), size);
        if hash.is_null() {
            return Err(io::Error::last_os_error());
        }
        CStr::from_ptr(hash).to_string_lossy().into_owned()
    };
    // It held the phrase.
    std::hint::black_box(&mut space).fill(0);
    Ok(text)
}

/// Watches a descriptor that we own from the runtime.
///
/// # Errors
/// When the runtime cannot watch this kind of file.
pub fn watched(fd: std::os::fd::OwnedFd) -> io::Result<tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>> {
    // SAFETY: an `OwnedFd` names the same open file until it is dropped, and the runtime lets go of it before that.
    unsafe { tokio::io::unix::AsyncFd::register(fd) }.map_err(Into::into)
}

/// Lets a closed pipe end this program, as every command line does (`qm list | head`). Not for daemons: a client that
/// goes away must not end them.
pub fn end_with_closed_pipes() {
    use nix::sys::signal::{SigHandler, Signal, signal};
    // SAFETY: the default action runs no code of ours. Rust's start-up only ever ignores this signal, so there is no
    // handler to be lost.
    if let Err(error) = unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) } {
        tracing::debug!(%error, "closed pipes are errors");
    }
}

/// Lets no descriptor beyond the standard ones pass on to the programs that this one starts.
pub(crate) fn keep_descriptors() -> io::Result<()> {
    // SAFETY: the call sets a flag of descriptors and closes none.
    match unsafe { libc::close_range(3, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC as c_int) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Starts a program in a session of its own. In ours, it would be sent a hangup if it stood still (SIGSTOP) when we end:
/// a process group that is orphaned while a member is stopped is ended by the kernel (setpgid(2), _exit(2)).
pub(crate) fn in_own_session(command: &mut tokio::process::Command) {
    let leave = || nix::unistd::setsid().map(drop).map_err(io::Error::from);
    // SAFETY: between fork and exec only setsid(2) runs, which is safe there and allocates nothing.
    unsafe { command.pre_exec(leave) };
}

mod ioctl {
    // EXT4_IOC_RESIZE_FS of the kernel's `include/uapi/linux/ext4.h`: the wished number of blocks.
    nix::ioctl_write_ptr!(ext4_resize, b'f', 16, u64);

    // FITRIM of `include/uapi/linux/fs.h`, whose structure has start, length and least length, bytes.
    nix::ioctl_readwrite!(fitrim, b'X', 121, [u64; 3]);
}

/// Tells the medium below a mounted file system which of its blocks are free. Answers how many bytes those are.
///
/// # Errors
/// When the file system or its medium cannot, or the kernel refuses.
pub fn trim(inside: &std::fs::File) -> io::Result<u64> {
    use std::os::fd::AsRawFd as _;
    let mut range = [0, u64::MAX, 0];
    // SAFETY: the descriptor is open as long as the borrow; the kernel reads and writes three numbers there, and
    // keeps nothing.
    unsafe { ioctl::fitrim(inside.as_raw_fd(), &raw mut range) }?;
    Ok(range[1])
}

/// Lets a mounted ext4 file system grow to so many of its blocks. `inside` is any file or directory of it.
///
/// # Errors
/// When it is no ext4, its device is too small, or the kernel refuses.
pub fn ext4_grow(inside: &std::fs::File, blocks: u64) -> io::Result<()> {
    use std::os::fd::AsRawFd as _;
    // SAFETY: the descriptor is open as long as the borrow; the kernel reads eight bytes at the pointer and keeps nothing.
    unsafe { ioctl::ext4_resize(inside.as_raw_fd(), &raw const blocks) }.map(drop).map_err(io::Error::from)
}

/// What AMD's processors tell of memory encryption: the bit of an address that says that a page is encrypted, and the
/// address bits lost to it. Zeroes on processors that do not know the leaf.
#[must_use]
pub fn sev_leaf() -> (u32, u32) {
    #[cfg(target_arch = "x86_64")]
    {
        const EXTENDED: u32 = 0x8000_0000;
        const ENCRYPTION: u32 = 0x8000_001f;
        // SAFETY: every x86-64 processor has the instruction, and it changes nothing.
        #[allow(unused_unsafe)]
        let leaf = |number| unsafe { std::arch::x86_64::__cpuid(number) };
        if leaf(EXTENDED).eax >= ENCRYPTION {
            let bits = leaf(ENCRYPTION).ebx;
            return (bits & 0x3f, (bits >> 6) & 0x3f);
        }
    }
    (0, 0)
}

/// `struct mount_attr` of mount_setattr(2).
#[repr(C)]
struct MountAttributes {
    set: u64,
    clear: u64,
    propagation: u64,
    namespace: u64,
}

/// mount_setattr(2): shows the files of a mount that is mounted nowhere yet with the owners that the map of a user
/// namespace tells.
///
/// # Errors
/// When the system or the file system refuses.
pub(crate) fn map_mount(tree: BorrowedFd<'_>, namespace: BorrowedFd<'_>, below: bool) -> io::Result<()> {
    let recursive = if below { libc::AT_RECURSIVE } else { 0 };
    let namespace = namespace.as_raw_fd().try_into().map_err(io::Error::other)?;
    let attributes = MountAttributes { set: libc::MOUNT_ATTR_IDMAP, clear: 0, propagation: 0, namespace };
    let (at, size) = (libc::AT_EMPTY_PATH | recursive, size_of::<MountAttributes>());
    // SAFETY: both descriptors are open, the path is a NUL-terminated text, the structure is as large as said and lives
    // across the call, which only reads it.
    let done = unsafe {
        libc::syscall(libc::SYS_mount_setattr, tree.as_raw_fd(), c"".as_ptr(), at, &raw const attributes, size)
    };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
