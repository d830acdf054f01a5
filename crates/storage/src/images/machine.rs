//! Disks to make virtual machines from: Debian with cloud-init, the guest agent and a serial console.
//!
//! No device is attached and nothing mounted: the file system is filled from a directory, and the boot loader is
//! written into the gap before the first partition, where it finds itself by block numbers that are always the same.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use host::run::Run;

use super::Image;
use super::build::{Log, PACK, Tree, Workspace, bootstrap};
use super::disk;
use crate::StorageError;

const PACKAGES: [&str; 26] = [
    "linux-image-cloud-amd64",
    "initramfs-tools",
    "zstd",
    "kmod",
    "udev",
    "systemd-sysv",
    "systemd-resolved",
    "systemd-timesyncd",
    "dbus",
    "cloud-init",
    "cloud-guest-utils",
    "fdisk",
    "e2fsprogs",
    "qemu-guest-agent",
    "openssh-server",
    "sudo",
    "iproute2",
    "iputils-ping",
    "netbase",
    "ca-certificates",
    "procps",
    "less",
    "nano",
    "vim-tiny",
    "login",
    "passwd",
];

/// Size of the disk that guests see, bytes. cloud-init grows the file system when a disk is larger.
const SIZE: u64 = 3 << 30;

/// What GRUB needs to find and start the kernel, whatever firmware started it.
const MODULES: [&str; 12] = [
    "part_msdos",
    "ext2",
    "normal",
    "linux",
    "configfile",
    "serial",
    "terminal",
    "test",
    "echo",
    "boot",
    "minicmd",
    "search_fs_uuid",
];

/// GRUB for PC firmware, and for UEFI.
const GRUB: &str = "/usr/lib/grub/i386-pc";
const GRUB_EFI: &str = "/usr/lib/grub/x86_64-efi";

/// Programs and files that only disks need, with their packages.
const NEEDED: [(&str, &str); 4] = [
    ("/usr/lib/grub/i386-pc/boot.img", "grub-pc-bin"),
    ("/usr/lib/grub/x86_64-efi/normal.mod", "grub-efi-amd64-bin"),
    ("/usr/bin/mcopy", "mtools"),
    ("/usr/sbin/mkfs.vfat", "dosfstools"),
];

/// Builds the disk.
pub(super) async fn build(workspace: &Workspace, image: &Image, log: Log<'_>) -> Result<PathBuf, StorageError> {
    if let Some((file, package)) = NEEDED.iter().find(|(file, _)| !Path::new(file).exists()) {
        return Err(StorageError::Invalid(format!(
            "'{file}' is missing; install the package {package}, then try again"
        )));
    }
    let root = workspace.join("root");
    bootstrap(image, &root, &PACKAGES, log).await?;
    let signature = signature();
    configure(&Tree(&root), image, signature)?;
    let raw = workspace.join("disk.raw");
    write_disk(workspace, &root, &raw, signature, log).await?;
    let target = workspace.join(&image.name);
    log("compressing the disk");
    Run::new("qemu-img")
        .args(["convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "compression_type=zstd"])
        .args([&raw, &target])
        .deadline(PACK)
        .output()
        .await?;
    Ok(target)
}

/// Names the disk in its own boot configuration, so it must differ from disk to disk: two built in the same
/// nanosecond would have to be in one guest to be taken for each other.
fn signature() -> u32 {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::from_secs(1)).as_nanos();
    let mixed = (nanos as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(mixed >> 32).unwrap_or(1).max(1)
}

fn configure(tree: &Tree<'_>, image: &Image, signature: u32) -> Result<(), StorageError> {
    let partition = format!("PARTUUID={signature:08x}-01");
    tree.make_generic(image)?;
    tree.write("etc/fstab", &format!("{partition} / ext4 errors=remount-ro,x-systemd.growfs 0 1\n"))?;
    // No menu and no package hooks: the links /vmlinuz and /initrd.img follow the newest kernel.
    let menu = format!(
        "serial --unit=0 --speed=115200\nterminal_input console serial\nterminal_output console serial\n\
         set timeout=0\nmenuentry \"Debian\" {{\n  linux /vmlinuz root={partition} ro console=tty0 \
         console=ttyS0,115200\n  initrd /initrd.img\n}}\n"
    );
    tree.write("boot/grub/grub.cfg", &menu)?;
    tree.write(
        "etc/cloud/cloud.cfg.d/90_datasources.cfg",
        "# The drive that the virtualization platform attaches, or nothing.\ndatasource_list: [ NoCloud, ConfigDrive, None ]\n",
    )?;
    // Where nothing else is configured (cloud-init's files come before this one).
    tree.write("etc/systemd/network/99-dhcp.network", "[Match]\nType=ether\n\n[Network]\nDHCP=yes\n")?;
    tree.enable("systemd-networkd.service", "multi-user.target")?;
    tree.enable("systemd-networkd.socket", "sockets.target")?;
    tree.enable("systemd-resolved.service", "multi-user.target")
}

async fn write_disk(
    workspace: &Workspace,
    root: &Path,
    raw: &Path,
    signature: u32,
    log: Log<'_>,
) -> Result<(), StorageError> {
    let file = std::fs::File::create(raw).map_err(StorageError::io("create", raw))?;
    file.set_len(SIZE).map_err(StorageError::io("allocate", raw))?;
    log("filling the file system");
    let start = disk::SYSTEM_PARTITION * disk::SECTOR;
    let uuid = host::crypt::random_uuid().map_err(StorageError::io("get random numbers for", raw))?;
    let kib = (SIZE - start) / 1024;
    Run::new("mke2fs")
        .args(["-q", "-F", "-t", "ext4", "-L", "debian", "-U", &uuid, "-d"])
        .arg(root)
        .args(["-E", &format!("offset={start}")])
        .arg(raw)
        .arg(format!("{kib}k"))
        .deadline(PACK)
        .lines(|line| log(line))
        .await?;
    log("writing the boot loader");
    let core = workspace.join("core.img");
    grub(&["-O", "i386-pc", "-d", GRUB, "-p", "(hd0,msdos1)/boot/grub"], &core, "biosdisk").await?;
    let read = |path: &Path| host::file::read_limited(path, 1 << 20);
    let (boot_code, core_image) = (read(&Path::new(GRUB).join("boot.img"))?, read(&core)?);
    let head = disk::head(&boot_code, &core_image, signature, SIZE / disk::SECTOR).map_err(StorageError::Invalid)?;
    let write = |bytes: &[u8], at| std::os::unix::fs::FileExt::write_all_at(&file, bytes, at);
    write(&head, 0).map_err(StorageError::io("write", raw))?;
    let efi = std::fs::read(efi_partition(workspace, &uuid).await?).map_err(StorageError::io("read", raw))?;
    write(&efi, disk::EFI_PARTITION * disk::SECTOR).map_err(StorageError::io("write", raw))?;
    file.sync_all().map_err(StorageError::io("write", raw))
}

/// Makes an image of GRUB with what all firmware needs and one module more.
async fn grub(form: &[&str], target: &Path, module: &str) -> Result<(), StorageError> {
    Run::new("grub-mkimage").args(form).arg("-o").arg(target).args(MODULES).arg(module).output().await?;
    Ok(())
}

/// The EFI system partition: GRUB under the name that every firmware looks for, which finds the system by the name of its
/// file system, as disks have no fixed order there.
async fn efi_partition(workspace: &Workspace, uuid: &str) -> Result<PathBuf, StorageError> {
    let (program, config, partition) =
        (workspace.join("BOOTX64.EFI"), workspace.join("early.cfg"), workspace.join("esp"));
    let early = format!("search.fs_uuid {uuid} root\nset prefix=($root)/boot/grub\n");
    std::fs::write(&config, early).map_err(StorageError::io("write", &config))?;
    let form = ["-O", "x86_64-efi", "-d", GRUB_EFI, "-p", "/boot/grub", "-c", &config.to_string_lossy()];
    grub(&form, &program, "efi_gop").await?;
    let file = std::fs::File::create(&partition).map_err(StorageError::io("create", &partition))?;
    file.set_len(disk::EFI_SECTORS * disk::SECTOR).map_err(StorageError::io("allocate", &partition))?;
    Run::new("mkfs.vfat").args(["-F", "16", "-n", "EFI"]).arg(&partition).output().await?;
    Run::new("mmd").arg("-i").arg(&partition).args(["::/EFI", "::/EFI/BOOT"]).output().await?;
    Run::new("mcopy").arg("-i").args([&partition, &program]).arg("::/EFI/BOOT/BOOTX64.EFI").output().await?;
    Ok(partition)
}
