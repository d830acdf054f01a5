//! The first sectors of a disk that PC firmware and UEFI start: boot code and partition table in the first one, GRUB's
//! core image right behind it. The boot code of GRUB looks for the core image at sector 1 by default, and
//! `grub-mkimage` notes in the core image's own first sector how many follow, so nothing has to be patched. UEFI looks
//! into the EFI system partition, which comes before the system's, so that that one can grow.

/// Bytes of a sector.
pub(super) const SECTOR: u64 = 512;
/// Sector where the first partition begins, that of EFI: 1 MiB, as all tools do.
pub(super) const EFI_PARTITION: u64 = 2048;
/// Its sectors: 16 MiB, enough for a FAT of 16 bits, as some firmware wants.
pub(super) const EFI_SECTORS: u64 = 32_768;
/// Sector where the system's partition begins.
pub(super) const SYSTEM_PARTITION: u64 = EFI_PARTITION + EFI_SECTORS;
/// Bytes of the first sector that are code; the disk's signature and the table follow.
const CODE: usize = 440;
const TABLE: usize = 446;
/// A partition's type: Linux.
const LINUX: u8 = 0x83;
/// A partition's type: EFI system.
const EFI: u8 = 0xef;

/// What stands before the partitions, for a disk of this many sectors. The system's partition is number 1.
///
/// # Errors
/// When the core image does not fit into the gap, the boot code is not one, or the disk is too large for the table.
pub(super) fn head(boot_code: &[u8], core_image: &[u8], signature: u32, sectors: u64) -> Result<Vec<u8>, String> {
    let gap = ((EFI_PARTITION - 1) * SECTOR) as usize;
    if boot_code.len() < CODE || core_image.is_empty() || core_image.len() > gap {
        return Err(format!("boot loader of {} bytes does not fit before the first partition", core_image.len()));
    }
    let length = sectors.checked_sub(SYSTEM_PARTITION).and_then(|length| u32::try_from(length).ok());
    let length = length.filter(|length| *length > 0).ok_or("the disk is too small or too large for its table")?;
    let mut head = boot_code[..CODE].to_vec();
    head.extend(signature.to_le_bytes());
    head.resize(TABLE, 0);
    for (active, kind, start, length) in
        [(0x80, LINUX, SYSTEM_PARTITION as u32, length), (0, EFI, EFI_PARTITION as u32, EFI_SECTORS as u32)]
    {
        // Old addresses by cylinder, head and sector: beyond their range, look at the others.
        head.extend([active, 0xfe, 0xff, 0xff, kind, 0xfe, 0xff, 0xff]);
        head.extend(start.to_le_bytes());
        head.extend(length.to_le_bytes());
    }
    head.resize(SECTOR as usize - 2, 0);
    head.extend([0x55, 0xaa]);
    head.extend(core_image);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_partitions_behind_the_loader() {
        let head = head(&[1; 512], &[2; 1000], 0x1a2b_3c4d, 34_816 + 4096).unwrap();
        assert_eq!(head.len(), 1512);
        assert_eq!(&head[440..446], &[0x4d, 0x3c, 0x2b, 0x1a, 0, 0]);
        assert_eq!(&head[446..462], &[0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff, 0, 0x88, 0, 0, 0, 16, 0, 0]);
        assert_eq!(&head[462..478], &[0, 0xfe, 0xff, 0xff, 0xef, 0xfe, 0xff, 0xff, 0, 8, 0, 0, 0, 0x80, 0, 0]);
        assert_eq!(&head[510..513], &[0x55, 0xaa, 2]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(head(&[1; 512], &vec![2; 2047 * 512 + 1], 1, 40_960).is_err());
        assert!(head(&[1; 10], &[2; 10], 1, 40_960).is_err());
        assert!(head(&[1; 512], &[2; 10], 1, 34_816).is_err());
        assert!(head(&[1; 512], &[2; 10], 1, 1 << 40).is_err());
    }
}
