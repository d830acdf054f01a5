//! Suite of copies by `qemu-img convert`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use storage::convert::{Convert, Zeroed, direct};
use storage::location::{Located, Location, Surroundings, locate};
use storage::{Configs, StorageError, VolumeId};

use crate::Outcome;

/// Answers a case of the suite.
pub(crate) fn case(suite: &str, dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    (suite == "qemu-img-convert").then(|| plan(dir, input))
}

fn around(environment: &Value, storage: &str) -> Surroundings {
    Surroundings {
        initiator: environment["iscsi_initiator_name"].as_str().unwrap_or_default().to_owned(),
        cluster: environment["storage"][storage]["fsid"].as_str().map(str::to_owned),
        lun: Some(1),
        keyring: None,
    }
}

fn plan(dir: &Path, input: &Value) -> Outcome {
    let read = |name: &str| fs::read_to_string(dir.join(name)).map_err(|error| error.to_string());
    let configs = Configs::parse(&read("shared/storage.cfg")?, Path::new("/var/lib/vz"));
    let environment: Value = serde_json::from_str(&read("env.json")?).map_err(|error| error.to_string())?;
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let snapshot = input["opts"]["snapname"].as_str();
    let find = |id: &VolumeId, snapshot| {
        let config = configs.get(&id.storage)?;
        Ok::<_, StorageError>((
            locate(config, &id.volname, snapshot, &around(&environment, id.storage.as_str()))?,
            direct(config),
        ))
    };
    let target: VolumeId = text("destination").parse()?;
    let (target, direct_write) = find(&target, None).map_err(|error| error.to_string())?;
    let (source, source_format, direct_read) = match text("source").parse::<VolumeId>() {
        Ok(id) => {
            let (located, direct) = find(&id, snapshot).map_err(|error| error.to_string())?;
            let format = Some(located.format.to_string());
            (located, format, direct)
        }
        Err(_) => {
            let path = text("source");
            let listed =
                environment["existing_files"].as_array().is_some_and(|files| files.iter().any(|file| file == path));
            let shared = path.strip_prefix("./").is_some_and(|name| dir.join("shared").join(name).is_file());
            if !listed && !shared {
                return Err(format!("source '{path}' is neither a volume nor a file"));
            }
            let location = Location::Path(path.into());
            let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_owned());
            let format = ending.filter(|ending| storage::convert::FORMATS.contains(&ending.as_str()));
            (Located { location, format: target.format, inner_snapshot: None }, format, false)
        }
    };
    let zeroed = match input["opts"]["is-zero-initialized"].as_i64() {
        Some(1) => Zeroed::Filter,
        _ => Zeroed::Unknown,
    };
    let limit = input["opts"]["bwlimit"].as_u64();
    let plan = Convert { source_format, direct_read, direct_write, zeroed, limit, ..Convert::new(source, target) };
    let args = plan.args().into_iter().map(|word| word.to_string_lossy().into_owned());
    Ok(json!({"argv": std::iter::once("qemu-img".to_owned()).chain(args).collect::<Vec<_>>()}))
}
