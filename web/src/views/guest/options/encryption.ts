// Memory that is encrypted by the processor. The API does not say what a host has, so it is offered where a VM has it
// already: such VMs come from elsewhere.
import { IconShieldLock } from '@tabler/icons-react'
import { i18n } from '../../../i18n'
import type { CustomDefinition } from '../config/DefinitionTable'

export function encryption(): CustomDefinition[] {
  return [
    {
      id: 'amd-sev', label: () => i18n._('AMD SEV'), icon: IconShieldLock, keys: ['amd-sev'], needs: 'root@pam', onlySet: true,
      text: (get) => get('amd-sev'),
      fields: () => [
        { key: 'amd-sev', property: 'type', kind: 'select', label: () => i18n._('Type'), absent: '', choices: () => [{ value: '', label: i18n._('Off') }, { value: 'std', label: 'SEV' }, { value: 'es', label: 'SEV-ES' }, { value: 'snp', label: 'SEV-SNP' }] },
        { key: 'amd-sev', property: 'no-debug', kind: 'switch', label: () => i18n._('Forbid debugging'), absent: '0' },
        { key: 'amd-sev', property: 'no-key-sharing', kind: 'switch', label: () => i18n._('Forbid sharing of keys'), absent: '0' },
        { key: 'amd-sev', property: 'kernel-hashes', kind: 'switch', label: () => i18n._('Measure kernel and options'), absent: '0' },
        { key: 'amd-sev', property: 'allow-smt', kind: 'switch', label: () => i18n._('Allow several threads a core'), absent: '1' },
      ],
    },
    {
      id: 'intel-tdx', label: () => i18n._('Intel TDX'), icon: IconShieldLock, keys: ['intel-tdx'], needs: 'root@pam', onlySet: true,
      text: (get) => get('intel-tdx'),
      fields: () => [
        { key: 'intel-tdx', property: 'type', kind: 'select', label: () => i18n._('Type'), absent: '', choices: () => [{ value: '', label: i18n._('Off') }, { value: 'tdx', label: 'TDX' }] },
        { key: 'intel-tdx', property: 'attestation', kind: 'switch', label: () => i18n._('Attestation') },
      ],
    },
  ]
}
