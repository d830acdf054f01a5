// Fields that draw themselves: they ask the node what there is to choose from.
import { Checkbox, SegmentedControl, Select, Text, TextInput, type SelectProps } from '@mantine/core'
import { useState } from 'react'
import { useApi, useApiAt } from '../../../api/hooks'
import { offers } from '../../../api/offers'
import { i18n } from '../../../i18n'
import type { Choice, Drawn } from '../config/fields'
import { CPU_TYPES } from './cpuTypes'
import { readFlags, readMachine, withFlag, type Flag } from './cpu'
import classes from './hardware.module.css'

interface OfNode extends Drawn {
  node: string
}

/** A value that is set stays a choice, also when the node does not know it. */
const withOwn = (choices: readonly Choice[], value: string): Choice[] =>
  value === '' || choices.some((one) => one.value === value) ? [...choices] : [...choices, { value, label: value }]

/** A list to choose from, as a field of a form. */
export function PickField({ label, hint, value, set, error, choices, ...rest }: Pick<Drawn, 'label' | 'hint' | 'value' | 'set' | 'error'> & { choices: readonly Choice[] } & Pick<SelectProps, 'required' | 'placeholder' | 'allowDeselect' | 'clearable'>) {
  return <Select label={label} description={hint} error={error} data={withOwn(choices, value)} value={value || null} onChange={(next) => set(next ?? '')} allowDeselect={false} searchable limit={300} nothingFoundMessage="–" {...rest} />
}

/** A type of processor: those of this node's QEMU and, unless `plain`, the cluster's own; the usual ones until they are known. */
export function CpuType({ node, plain, ...field }: OfNode & { plain?: boolean }) {
  const { data } = useApi('/nodes/{node}/capabilities/qemu/cpu', { node })
  const own = plain ? [] : (data ?? []).filter((one) => one.custom).map(({ name }) => ({ value: name, label: i18n._('{name} (custom)', { name }) }))
  const there = data?.filter((one) => !one.custom).map(({ name }) => name) ?? []
  const usual = CPU_TYPES.filter((name) => data === undefined || there.includes(name))
  const rest = there.filter((name) => !CPU_TYPES.includes(name))
  return <PickField {...field} choices={[...own, ...[...usual, ...rest].map((value) => ({ value, label: value }))]} />
}

interface KnownFlag {
  name: string
  description?: string
}

/** Flags that a processor gets besides those of its type. */
export function CpuFlags({ node, label, value, set, error }: OfNode) {
  const listed = offers('get /nodes/{node}/capabilities/qemu/cpu-flags')
  const { data } = useApiAt<KnownFlag[]>('/nodes/{node}/capabilities/qemu/cpu-flags', { node }, { enabled: listed })
  const flags = readFlags(value)
  const [more, setMore] = useState(false)
  const [other, setOther] = useState('')
  const known = data ?? []
  // Flags that are set are always in sight.
  const shown = [
    ...[...flags.keys()].filter((name) => !known.some((one) => one.name === name)).map((name): KnownFlag => ({ name })),
    ...known.filter(({ name, description }) => more || flags.has(name) || description),
  ]
  const add = () => {
    const name = other.trim().replace(/^\+/, '')
    if (/^[\w.-]+$/.test(name)) set(withFlag(value, name, '+'))
    setOther('')
  }
  return (
    <fieldset className={classes.flags}>
      <legend>{label}</legend>
      {shown.map(({ name, description }) => (
        <div key={name} className={classes.flag}>
          <SegmentedControl
            aria-label={name}
            value={flags.get(name) || '0'}
            onChange={(to) => set(withFlag(value, name, to === '0' ? '' : (to as Flag)))}
            data={[{ value: '-', label: i18n._('off') }, { value: '0', label: i18n._('default') }, { value: '+', label: i18n._('on') }]}
          />
          <div><span className="mono">{name}</span>{description && <Text size="xs" className="dim">{description}</Text>}</div>
        </div>
      ))}
      {known.length > shown.length && !more && <Checkbox label={i18n._('Show all {n} flags', { n: known.length })} checked={more} onChange={() => setMore(true)} />}
      <TextInput
        label={i18n._('Another flag')} value={other} onChange={(event) => setOther(event.currentTarget.value)} onBlur={add} placeholder="pdpe1gb" error={error} spellCheck={false}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
    </fieldset>
  )
}

/** Chipset of a machine, and the version that it is pinned to. */
export function MachineType({ node, label, value, set, error }: OfNode) {
  const { data } = useApi('/nodes/{node}/capabilities/qemu/machines', { node })
  const { chipset, version } = readMachine(value)
  const versions = (data ?? []).filter((one) => readMachine(one.id).chipset === chipset && one.id !== chipset)
  return (
    <>
      <Select
        label={label}
        data={[{ value: 'pc', label: i18n._('i440fx (default)') }, { value: 'q35', label: 'q35' }, ...(chipset === 'virt' ? ['virt'] : [])]}
        value={chipset}
        onChange={(next) => set(next ?? 'pc')}
        allowDeselect={false}
        error={error}
      />
      <Select
        label={i18n._('Version')}
        description={i18n._('A pinned version stays the same after updates of QEMU')}
        data={withOwn([{ value: '', label: i18n._('Latest') }, ...versions.map(({ id, version: number }) => ({ value: id, label: number }))], version)}
        value={version}
        onChange={(next) => set(next || chipset)}
        allowDeselect={false}
        searchable
        limit={200}
      />
    </>
  )
}
