//! What an image of an application says about its program, as options of a container. Pure.

use host::rootfs::Root;
use serde::{Deserialize, Serialize};
use storage::oci::Process;

use crate::config_file::Section;

/// Where a program goes whose arguments an entry point cannot hold.
pub(super) const SCRIPT: &str = "/.pleiad-entrypoint";

/// The script that a start makes of an entry point with quotes.
pub(super) const INIT: &str = "/.pleiad-init";

/// The script that runs an entry point; nothing when LXC can do it itself, which splits at blanks and knows no quotes.
/// Here a quote at the beginning of a word reaches to the next one of its kind.
pub(super) fn script(entrypoint: &str) -> Option<String> {
    let (mut words, mut rest, mut quoted) = (Vec::new(), entrypoint.trim_start(), false);
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => {
                quoted = true;
                rest[1..].split_once(first).unwrap_or((&rest[1..], ""))
            }
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    quoted.then(|| shell(&words))
}

/// A script for sh(1) that becomes a program with these arguments.
fn shell(words: &[impl AsRef<str>]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("'{}'", word.as_ref().replace('\'', r"'\''"))).collect();
    format!("#!/bin/sh\nexec {}\n", words.join(" "))
}

/// Writes the script that the container's start needs, if it needs one.
///
/// # Errors
/// When there is no shell for it, or it cannot be written.
pub(super) fn write_script(root: &Root, entrypoint: Option<&str>) -> Result<(), String> {
    entrypoint.and_then(script).map_or(Ok(()), |text| put_script(root, INIT, &text))
}

/// Writes a script, if a shell is there to read it.
pub(super) fn put_script(root: &Root, path: &str, text: &str) -> Result<(), String> {
    if !root.is_file("bin/sh") {
        return Err("the entry point has words with blanks or quotes, which needs a /bin/sh inside".to_owned());
    }
    let write = root.write(path, text, 0o755).and_then(|()| root.set_mode(path, 0o755));
    write.map_err(|err| format!("'{path}': {err}"))
}

/// How a container runs an image's program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Application {
    /// Option `entrypoint`; nothing when the image is a system with an init.
    pub(super) entrypoint: Option<String>,
    /// Option `env`.
    pub(super) env: Option<String>,
    /// Settings of LXC: working directory, user, signal.
    pub(super) raw: Vec<(String, String)>,
    /// Content of [`SCRIPT`], if it is needed.
    pub(super) script: Option<String>,
    /// Directories that must be there.
    pub(super) directories: Vec<String>,
    /// What could not be taken over.
    pub(super) warnings: Vec<String>,
}

/// The options that an image set in a container.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    /// Option `entrypoint`.
    pub(super) entrypoint: Option<String>,
    /// Option `env`.
    pub(super) env: Option<String>,
}

impl Application {
    /// The options that could be changed later.
    pub(super) fn said(&self) -> Said {
        Said { entrypoint: self.entrypoint.clone(), env: self.env.clone() }
    }

    /// Writes a new container's options; what was given is kept, and so are given variables.
    pub(super) fn enter(&self, options: &mut Section) {
        let given = Said { entrypoint: own(options, "entrypoint"), env: own(options, "env") };
        self.merge(options, &given, &Said::default());
    }

    /// Writes the options of a container whose image, which said `before`, is exchanged: what was changed since stays.
    pub(super) fn exchange(&self, options: &mut Section, before: &Said) {
        let now = Said { entrypoint: own(options, "entrypoint"), env: own(options, "env") };
        self.merge(options, &now, before);
    }

    fn merge(&self, options: &mut Section, now: &Said, before: &Said) {
        let entrypoint = if now.entrypoint == before.entrypoint { &self.entrypoint } else { &now.entrypoint };
        put(options, "entrypoint", entrypoint.clone());
        let (mut variables, now, before) = (list(&self.env), list(&now.env), list(&before.env));
        // Taken away by somebody.
        variables.retain(|(name, _)| has(&now, name) || !has(&before, name));
        for (name, value) in now.into_iter().filter(|variable| !before.contains(variable)) {
            match variables.iter_mut().find(|(known, _)| *known == name) {
                Some(variable) => variable.1 = value,
                None => variables.push((name, value)),
            }
        }
        let text: Vec<String> = variables.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        put(options, "env", (!text.is_empty()).then(|| text.join("\0")));
        // These cannot be changed by the API: they are always the image's.
        options.raw.retain(|(key, _)| !KEYS.contains(&key.as_str()));
        options.raw.extend(self.raw.iter().cloned());
    }
}

fn own(options: &Section, key: &str) -> Option<String> {
    options.get(key).map(str::to_owned)
}

fn put(options: &mut Section, key: &str, value: Option<String>) {
    match value {
        Some(value) => options.set(key, &value),
        None => {
            options.remove(key);
        }
    }
}

fn list(env: &Option<String>) -> Vec<(String, String)> {
    let all = env.iter().flat_map(|text| text.split('\0')).filter_map(|line| line.split_once('='));
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn has(variables: &[(String, String)], name: &str) -> bool {
    variables.iter().any(|(known, _)| known == name)
}

/// Settings of LXC that come from images.
pub(super) const KEYS: [&str; 5] =
    ["lxc.init.cwd", "lxc.init.uid", "lxc.init.gid", "lxc.init.groups", "lxc.signal.halt"];

/// Turns what an image says into options. `passwd` and `group` are the image's own files.
///
/// # Errors
/// When its user is not in them.
pub(super) fn plan(process: &Process, passwd: &str, group: &str) -> Result<Application, String> {
    let mut found = Application {
        directories: ["dev", "proc", "sys", "etc"].map(str::to_owned).to_vec(),
        ..Application::default()
    };
    if process.argv.is_empty() || process.argv == ["/sbin/init"] {
        return Ok(found);
    }
    found.entrypoint = match process.argv.iter().map(|word| quote(word)).collect::<Option<Vec<_>>>() {
        Some(words) => Some(words.join(" ")),
        None => {
            found.script = Some(shell(&process.argv));
            Some(SCRIPT.to_owned())
        }
    };
    let mut set = |key: &str, value: String| found.raw.push((format!("lxc.{key}"), value));
    if !process.directory.is_empty() && process.directory != "/" {
        if !process.directory.starts_with('/') || process.directory.contains(char::is_control) {
            return Err(format!("the image's working directory '{}' is none", process.directory.escape_default()));
        }
        set("init.cwd", process.directory.clone());
        found.directories.push(process.directory.clone());
    }
    let user = User::find(&process.user, passwd, group)?;
    if user.uid != 0 {
        set("init.uid", user.uid.to_string());
    }
    if user.gid != 0 {
        set("init.gid", user.gid.to_string());
    }
    // LXC's own default is for systems with an init: it asks others for nothing that they know.
    let signal =
        process.stop_signal.as_deref().filter(|signal| signal.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+'));
    set("signal.halt", signal.unwrap_or("SIGTERM").to_owned());
    let (env, warnings) = environment(process, &user);
    found.env = env;
    found.warnings = warnings;
    Ok(found)
}

/// A word of an entry point, where quotes can be told but nothing that escapes them; nothing if it cannot be told.
fn quote(word: &str) -> Option<String> {
    let plain = |c: char| !c.is_whitespace() && c != '"' && c != '\'';
    if !word.is_empty() && word.chars().all(plain) && !word.contains(char::is_control) {
        return Some(word.to_owned());
    }
    match (word.contains(char::is_control), word.contains('"'), word.contains('\'')) {
        (true, ..) | (_, true, true) => None,
        (_, false, _) => Some(format!("\"{word}\"")),
        (_, true, false) => Some(format!("'{word}'")),
    }
}

/// The variables, and warnings about those that a container cannot have. `HOME` is the user's, as elsewhere.
fn environment(process: &Process, user: &User) -> (Option<String>, Vec<String>) {
    let mut variables: Vec<(String, String)> = process.env.clone();
    if !variables.iter().any(|(name, _)| name == "HOME") {
        variables.push(("HOME".to_owned(), user.home.clone()));
    }
    let fits = |(name, value): &(String, String)| {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !name.is_empty() && name.chars().all(word) && !value.chars().any(|c| c.is_control() && c != '\t')
    };
    let (good, bad): (Vec<_>, Vec<_>) = variables.into_iter().partition(fits);
    let good: Vec<String> = good.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let warning = |(name, _): (String, String)| {
        format!(
            "the image's variable '{}' is left out: it has characters that a container's cannot have",
            name.escape_default()
        )
    };
    ((!good.is_empty()).then(|| good.join("\0")), bad.into_iter().map(warning).collect())
}

/// Whom the program runs as.
#[derive(Debug, PartialEq, Eq)]
struct User {
    uid: u32,
    gid: u32,
    home: String,
}

impl User {
    /// `USER[:GROUP]`, each a name or a number; root when empty.
    fn find(text: &str, passwd: &str, group: &str) -> Result<Self, String> {
        let (name, group_name) = text.split_once(':').unwrap_or((text, ""));
        let name = if name.is_empty() { "0" } else { name };
        let fields = |line: &str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
        let entry = passwd.lines().map(fields).find(|entry| {
            entry.first().is_some_and(|known| known == name) || entry.get(2).is_some_and(|number| number == name)
        });
        let number = |entry: &Vec<String>, at: usize| entry.get(at).and_then(|text| text.parse::<u32>().ok());
        let uid = entry.as_ref().and_then(|entry| number(entry, 2)).or_else(|| name.parse().ok());
        let uid = uid
            .ok_or_else(|| format!("the image wants to run as '{}', which it does not have", name.escape_default()))?;
        let gid = match group_name {
            "" => entry.as_ref().and_then(|entry| number(entry, 3)).unwrap_or(0),
            wanted => {
                let line = group.lines().map(fields).find(|entry| entry.first().is_some_and(|known| known == wanted));
                let gid = line.as_ref().and_then(|entry| number(entry, 2)).or_else(|| wanted.parse().ok());
                gid.ok_or_else(|| {
                    format!("the image wants the group '{}', which it does not have", wanted.escape_default())
                })?
            }
        };
        let home = entry.and_then(|entry| entry.get(5).cloned()).filter(|home| !home.is_empty());
        let home = home.unwrap_or_else(|| if uid == 0 { "/root" } else { "/" }.to_owned());
        Ok(Self { uid, gid, home })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n";
    const GROUP: &str = "root:x:0:\nstaff:x:50:\n";

    fn process(argv: &[&str], user: &str) -> Process {
        let argv = argv.iter().map(|word| (*word).to_owned()).collect();
        Process { argv, user: user.to_owned(), ..Process::default() }
    }

    #[test]
    fn a_program_keeps_its_words_directory_user_and_variables() {
        let mut wanted = process(&["/bin/app", "two words", "say \"x\"", "", "--a='b'"], "app:staff");
        wanted.directory = "/srv/app".to_owned();
        wanted.env = vec![("A".into(), "1 2".into()), ("B".into(), "x\ny".into())];
        wanted.stop_signal = Some("SIGQUIT".to_owned());
        let found = plan(&wanted, PASSWD, GROUP).unwrap();
        assert_eq!(found.entrypoint.as_deref(), Some("/bin/app \"two words\" 'say \"x\"' \"\" \"--a='b'\""));
        assert_eq!(found.env.as_deref(), Some("A=1 2\0HOME=/home/app"));
        let raw: Vec<String> = found.raw.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(raw, ["lxc.init.cwd=/srv/app", "lxc.init.uid=1000", "lxc.init.gid=50", "lxc.signal.halt=SIGQUIT"]);
        assert!(found.warnings[0].contains("'B'"), "{:?}", found.warnings);
        assert!(found.raw.iter().all(|(key, _)| KEYS.contains(&key.as_str())));
    }

    #[test]
    fn words_that_lxc_cannot_hold_go_into_a_script() {
        let found = plan(&process(&["sh", "-c", "echo \"it's\"\nexit"], ""), PASSWD, GROUP).unwrap();
        assert_eq!(found.entrypoint.as_deref(), Some(SCRIPT));
        assert_eq!(found.script.as_deref(), Some("#!/bin/sh\nexec 'sh' '-c' 'echo \"it'\\''s\"\nexit'\n"));
    }

    #[test]
    fn an_entry_point_with_quotes_becomes_a_script() {
        assert_eq!(script("/app --a='b' run"), None);
        let words = ["/bin/app", "two words", "say \"x\"", "", "--a='b'"];
        let text = words.map(|word| quote(word).unwrap()).join(" ");
        assert_eq!(script(&text).unwrap(), shell(&words));
        assert_eq!(shell(&["a", "it's"]), "#!/bin/sh\nexec 'a' 'it'\\''s'\n");
        assert_eq!(script("/app 'open"), Some(shell(&["/app", "open"])));
    }

    #[test]
    fn users_are_found_or_refused() {
        let find = |text: &str| User::find(text, PASSWD, GROUP).map(|user| (user.uid, user.gid, user.home));
        assert_eq!(find(""), Ok((0, 0, "/root".into())));
        assert_eq!(find("app"), Ok((1000, 1001, "/home/app".into())));
        assert_eq!(find("1000"), Ok((1000, 1001, "/home/app".into())));
        assert_eq!(find("4711:12"), Ok((4711, 12, "/".into())));
        assert!(find("nobody").is_err() && find("app:none").is_err());
    }

    #[test]
    fn an_exchanged_image_brings_its_own_and_leaves_what_was_changed() {
        let image = |entrypoint: &str, env: &str| Application {
            entrypoint: Some(entrypoint.to_owned()),
            env: Some(env.replace(' ', "\0")),
            raw: vec![("lxc.init.uid".into(), entrypoint.len().to_string())],
            ..Application::default()
        };
        let (old, new) = (image("/one", "A=1 B=1 GONE=1 OLD=1"), image("/three", "A=2 B=2 GONE=2 NEW=2"));
        let mut options = Section::default();
        options.set("env", "MINE=x");
        old.enter(&mut options);
        assert_eq!(options.get("env"), Some("A=1\0B=1\0GONE=1\0OLD=1\0MINE=x"));
        options.set("env", "A=1\0B=mine\0OLD=1\0MINE=x");
        new.exchange(&mut options, &old.said());
        assert_eq!(options.get("env"), Some("A=2\0B=mine\0NEW=2\0MINE=x"));
        assert_eq!(options.get("entrypoint"), Some("/three"));
        assert_eq!(options.raw, [("lxc.init.uid".to_owned(), "6".to_owned())]);
        options.set("entrypoint", "/own");
        old.exchange(&mut options, &new.said());
        assert_eq!(options.get("entrypoint"), Some("/own"));
    }

    #[test]
    fn a_system_keeps_its_init() {
        assert_eq!(plan(&process(&["/sbin/init"], "app"), PASSWD, GROUP).unwrap().entrypoint, None);
    }
}
