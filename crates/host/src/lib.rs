//! The machine: the only crate that starts programs, reads `/proc`, or touches files, links and sockets of the host.
//!
//! Each module is one edge of the system with typed errors; what to do with it is decided elsewhere.

pub mod archive;
pub mod cgroup;
pub mod clock;
pub mod companion;
pub mod console;
pub mod cpu_limits;
pub mod crypt;
pub mod disks;
pub mod ext4;
pub mod file;
pub mod http;
pub mod hugepages;
pub mod iso;
pub mod kvm;
pub mod look;
pub mod lxc;
pub mod machine;
pub mod mdev;
pub mod mount;
pub mod mount_point;
pub mod net;
pub mod packages;
pub mod pam;
pub mod paths;
pub mod pci;
pub mod proc;
pub mod process;
pub mod pty;
pub mod qga;
pub mod qmp;
pub mod role;
pub mod rootfs;
pub mod run;
pub mod scope;
pub mod space;
pub mod swtpm;
pub mod sys;
pub mod systemd;
pub mod tap;
pub mod ticks;
pub mod usb;
pub mod user;
pub mod vfio;
pub mod virtiofsd;
