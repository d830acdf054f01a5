// Fields to pick something that exists: a node, a storage with room for something, a volume, a bridge.
import { Select, type SelectProps } from '@mantine/core'
import { useEffect, useMemo } from 'react'
import { useApi } from '../api/hooks'
import { useNodes, useRows } from '../api/resources'
import { i18n } from '../i18n'
import { bytes } from '../lib/format'

type Pick = Omit<SelectProps, 'data'>

/** A field that has nothing to clear shows no cross. */
const orNothing = (value: Pick['value']) => value || null

export function NodePick(props: Pick) {
  const nodes = useNodes()
  const data = nodes.map((row) => ({ value: row.node ?? '', label: row.node ?? '', disabled: row.status !== 'online' }))
  return <Select allowDeselect={false} {...props} value={orNothing(props.value)} data={data} />
}

/** Storages of a node that take a content type, with their free space. */
export function useStorages(node: string | undefined, content: string) {
  const rows = useRows('storage')
  return useMemo(
    () => rows.filter((row) => row.node === node && (row.content ?? '').split(',').includes(content)),
    [rows, node, content],
  )
}

export function StoragePick({ node, content, ...props }: Pick & { node: string | undefined; content: string }) {
  const data = useStorages(node, content).map((row) => ({
    value: row.storage ?? '',
    label:
      row.maxdisk === undefined || row.disk === undefined
        ? (row.storage ?? '')
        : i18n._('{storage} ({free} free)', { storage: row.storage ?? '', free: bytes(row.maxdisk - row.disk) }),
    disabled: row.status !== 'available',
  }))
  return <Select allowDeselect={false} nothingFoundMessage={i18n._('No storage takes this')} {...props} value={orNothing(props.value)} data={data} />
}

/** Volumes of one content type on all storages of a node. */
export function VolumePick({ node, storage, content, ...props }: Pick & { node: string | undefined; storage: string; content: 'iso' | 'vztmpl' | 'import' | 'images' }) {
  const { data, error } = useApi(
    '/nodes/{node}/storage/{storage}/content',
    { node: node ?? '', storage, content },
    { enabled: Boolean(node && storage) },
  )
  const volumes = (data ?? []).map((row) => ({ value: row.volid, label: row.volid.replace(/^[^:]+:([^/]+\/)?/, '') }))
  // Where one is needed and there is but one, it is that one.
  const only = volumes.length === 1 ? volumes[0]?.value : undefined
  const { required, value, onChange } = props
  useEffect(() => {
    if (required && !value && only) onChange?.(only, { value: only, label: only })
  }, [required, value, only, onChange])
  return <Select searchable nothingFoundMessage={i18n._('Nothing there yet: upload or download one to the storage')} {...props} error={props.error ?? error?.message} value={orNothing(props.value)} data={volumes} />
}

export function BridgePick({ node, ...props }: Pick & { node: string | undefined }) {
  const { data, error } = useApi('/nodes/{node}/network', { node: node ?? '', type: 'any_bridge' }, { enabled: Boolean(node) })
  const bridges = (data ?? []).map((row) => row.iface)
  // One that is set stays to be seen, also when it is not there.
  const own = typeof props.value === 'string' && props.value && !bridges.includes(props.value) ? [props.value] : []
  return <Select {...props} error={props.error ?? error?.message} value={orNothing(props.value)} data={[...bridges, ...own]} />
}

export function PoolPick(props: Pick) {
  const pools = useRows('pool')
  return <Select clearable {...props} value={orNothing(props.value)} data={pools.map((row) => row.pool ?? '').filter(Boolean)} />
}
