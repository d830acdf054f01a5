//! Checks user data that somebody wrote, before a guest stumbles over it.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser};

/// Most bytes of user data that is kept with a VM.
pub(super) const LIMIT: usize = 64 << 10;

/// The first line of cloud-init's own format.
const HEADER: &str = "#cloud-config";

/// Nesting that no configuration needs.
const DEPTH: usize = 64;

/// Keys that modules of cloud-init read at the top (its reference of modules, releases 20 to 25).
const KNOWN: &[&str] = &[
    "allow_public_ssh_keys",
    "allow_userdata",
    "ansible",
    "apk_repos",
    "apt",
    "apt_pipelining",
    "authkey_hash",
    "autoinstall",
    "bootcmd",
    "byobu_by_default",
    "ca-certs",
    "ca_certs",
    "chef",
    "chpasswd",
    "cloud_config_modules",
    "cloud_final_modules",
    "cloud_init_modules",
    "create_hostname_file",
    "datasource",
    "datasource_list",
    "debug",
    "device_aliases",
    "disable_ec2_metadata",
    "disable_root",
    "disable_root_opts",
    "disk_setup",
    "drivers",
    "fan",
    "final_message",
    "fqdn",
    "fs_setup",
    "groups",
    "growpart",
    "grub-dpkg",
    "grub_dpkg",
    "hostname",
    "keyboard",
    "landscape",
    "launch-index",
    "locale",
    "locale_configfile",
    "lxd",
    "manage_etc_hosts",
    "manage_resolv_conf",
    "mcollective",
    "merge_how",
    "merge_type",
    "mount_default_fields",
    "mounts",
    "network",
    "no_ssh_fingerprints",
    "ntp",
    "output",
    "package_reboot_if_required",
    "package_update",
    "package_upgrade",
    "packages",
    "password",
    "phone_home",
    "power_state",
    "prefer_fqdn_over_hostname",
    "preserve_hostname",
    "puppet",
    "random_seed",
    "reporting",
    "resize_rootfs",
    "resolv_conf",
    "rh_subscription",
    "rpi",
    "rsyslog",
    "runcmd",
    "salt_minion",
    "snap",
    "spacewalk",
    "ssh",
    "ssh_authorized_keys",
    "ssh_deletekeys",
    "ssh_fp_console_blacklist",
    "ssh_genkeytypes",
    "ssh_import_id",
    "ssh_key_console_blacklist",
    "ssh_keys",
    "ssh_publish_hostkeys",
    "ssh_pwauth",
    "ssh_quiet_keygen",
    "swap",
    "system_info",
    "timezone",
    "ubuntu_advantage",
    "ubuntu_pro",
    "updates",
    "user",
    "users",
    "vendor_data",
    "version",
    "wireguard",
    "write_files",
    "yum_repo_dir",
    "yum_repos",
    "zypper",
];

/// Checks user data. Returns warnings: keys that no module of cloud-init reads.
///
/// # Errors
/// When it is too large, does not begin as it must, or is not one YAML document with keys at its top, each once.
pub(super) fn user_data(text: &str) -> Result<Vec<String>, String> {
    if text.len() > LIMIT {
        return Err(format!("{} bytes are more than {LIMIT}", text.len()));
    }
    if text.lines().next().map(str::trim_end) != Some(HEADER) {
        return Err(format!("the first line must be '{HEADER}'"));
    }
    let keys = top_keys(text)?;
    let unknown = keys.into_iter().filter(|key| !KNOWN.contains(&key.as_str()));
    Ok(unknown.map(|key| format!("'{}' is no key that cloud-init knows", key.escape_debug())).collect())
}

/// The keys of the one mapping that a document must be.
fn top_keys(text: &str) -> Result<BTreeSet<String>, String> {
    let (mut depth, mut documents, mut is_key) = (0_usize, 0, false);
    let mut keys = BTreeSet::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("this is no YAML: {error}"))?;
        let line = span.start.line();
        match &event {
            Event::DocumentStart(_) => documents += 1,
            Event::MappingStart(..) if depth == 0 => {}
            Event::Scalar(..) | Event::SequenceStart(..) | Event::Alias(_) if depth == 0 => {
                return Err("keys with values are expected at the top".to_owned());
            }
            Event::Scalar(key, ..) if depth == 1 && is_key && !keys.insert(key.to_string()) => {
                return Err(format!("line {line}: '{}' is there twice", key.escape_debug()));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_) if depth == 1 && is_key => {
                return Err(format!("line {line}: a key at the top must be a word"));
            }
            _ => {}
        }
        let (begins, ends) = (
            matches!(event, Event::SequenceStart(..) | Event::MappingStart(..)),
            matches!(event, Event::SequenceEnd | Event::MappingEnd),
        );
        depth = if begins {
            depth + 1
        } else if ends {
            depth.saturating_sub(1)
        } else {
            depth
        };
        if depth > DEPTH {
            return Err(format!("line {line}: nested too deeply"));
        }
        // After the mapping begins, and after each value that ends at its level, a key comes.
        is_key = match event {
            Event::MappingStart(..) if depth == 1 => true,
            Event::Scalar(..) | Event::Alias(_) if depth == 1 => !is_key,
            Event::SequenceEnd | Event::MappingEnd if depth == 1 => true,
            _ => is_key,
        };
    }
    match documents {
        1 => Ok(keys),
        0 => Err("there is nothing in it".to_owned()),
        _ => Err("it is more than one YAML document".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_user_data_passes_and_odd_keys_are_told() {
        let good =
            "#cloud-config\npackages: [vim, 'x']\nruncmd:\n  - [ls, -l]\n  - |\n    packages: x\nusers:\n- default\n";
        assert_eq!(user_data(good), Ok(vec![]));
        let odd = "#cloud-config\r\npackage: [vim]\nwrite_files: &a [{path: /x, content: y}]\nbootcmd: *a\nlocale: C\n";
        assert_eq!(user_data(odd), Ok(vec!["'package' is no key that cloud-init knows".to_owned()]));
    }

    #[test]
    fn wrong_user_data_is_refused_with_the_reason() {
        for (text, why) in [
            ("packages: []\n", "first line"),
            ("#!/bin/sh\necho\n", "first line"),
            ("#cloud-config\n", "nothing"),
            ("#cloud-config\n- a\n", "at the top"),
            ("#cloud-config\nhello\n", "at the top"),
            ("#cloud-config\na: [1\nb: 2\n", "no YAML"),
            ("#cloud-config\na: b: c\n", "no YAML"),
            ("#cloud-config\npackages: []\nusers: {a: 1}\npackages: []\n", "line 4: 'packages' is there twice"),
            ("#cloud-config\na: 1\n---\nb: 2\n", "more than one"),
            ("#cloud-config\n[a]: 1\n", "must be a word"),
        ] {
            let refused = user_data(text).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
        assert!(user_data(&format!("#cloud-config\na: {}\n", "[".repeat(200))).is_err());
        assert!(user_data(&format!("#cloud-config\na: {}\n", "x".repeat(LIMIT))).unwrap_err().contains("bytes"));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "[-:#?{}\\[\\],&*!|>'\"%@` \n\ta-z]{0,60}") {
            let _ = user_data(&format!("#cloud-config\n{text}"));
        }
    }
}
