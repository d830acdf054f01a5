//! How much of the host's processors a VM may have.

use host::{cpu_limits::CpuLimits, process::Process, run::Run, scope::Scope};
use schema::Vmid;

use super::super::{config::VmConfig, error::VmError, vms::Vms};

/// The limits that a configuration asks for.
fn limits(config: &VmConfig) -> CpuLimits {
    CpuLimits {
        cores: config.cpulimit.filter(|cores| *cores > 0.0),
        weight: config.cpuunits.map(|units| units.clamp(1, 10_000)),
    }
}

/// The program, in a scope of its own, so that no restart of ours touches it, and on its processors.
pub(super) async fn program(vmid: Vmid, config: &VmConfig, program: &str) -> Run {
    let (name, description, properties) = (vmid.to_string(), title(vmid), limits(config).properties());
    let scope = scope(&name, &description, &properties);
    match &config.affinity {
        Some(cpus) => scope.program("taskset").await.args(["--cpu-list", cpus]).arg(program),
        None => scope.program(program).await,
    }
}

fn title(vmid: Vmid) -> String {
    format!("Virtual machine {vmid}")
}

fn scope<'a>(name: &'a str, description: &'a str, properties: &'a [String]) -> Scope<'a> {
    Scope { name, slice: "qemu.slice", description, properties }
}

/// Puts a VM's process under its limits, as soon as there is one.
pub(super) fn begin(vmid: Vmid, config: &VmConfig, process: Process) -> Result<(), VmError> {
    Ok(limits(config).begin(vmid.get(), process)?)
}

impl Vms {
    /// Puts the `cpulimit` and `cpuunits` of a VM's configuration into force while it runs; nothing if it does not.
    ///
    /// # Errors
    /// When there is no such VM on this node, or the host refuses.
    pub async fn set_limits(&self, vmid: Vmid) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        let Some(running) = self.running(vmid) else { return Ok(()) };
        let (name, description) = (vmid.to_string(), title(vmid));
        let scope = scope(&name, &description, &[]);
        Ok(limits(&vm.config).change(scope, vmid.get(), running.process).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qemu::vms::Vm;

    #[test]
    fn what_a_configuration_asks_for() {
        let of = |text: &str| limits(&Vm::parse(text).config);
        assert!(of("cpulimit: 0\n").is_none());
        assert_eq!(of("cpulimit: 1.5\ncpuunits: 262144\n"), CpuLimits { cores: Some(1.5), weight: Some(10_000) });
    }
}
