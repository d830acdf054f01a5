// Storages and what is in them, as choices of a form.
import { useApi } from '../../../api/hooks'
import { i18n } from '../../../i18n'
import { bytes } from '../../../lib/format'
import type { Choice } from '../config/fields'

/** Storages of a node that take a kind of content and can be used now. */
export function useStorages(node: string, content: string) {
  const { data } = useApi('/nodes/{node}/storage', { node, content, enabled: 1, format: 1 })
  const usable = (data ?? []).filter((storage) => storage.active)
  return {
    loaded: data !== undefined,
    names: usable.map((storage) => storage.storage),
    choices: usable.map<Choice>((storage) => ({
      value: storage.storage,
      label: i18n._('{storage} ({free} free)', { storage: storage.storage, free: bytes(storage.avail) }),
    })),
    /** Formats that a storage writes; one only is no choice. */
    formats: (name: string | undefined) => usable.find((storage) => storage.storage === name)?.formats,
  }
}

/** The volumes of a kind in a storage, by what they are called there. */
export function useVolumes(node: string, storage: string, content: string): { choices: Choice[]; loaded: boolean } {
  const { data } = useApi('/nodes/{node}/storage/{storage}/content', { node, storage, content }, { enabled: storage !== '' })
  return {
    loaded: data !== undefined,
    choices: (data ?? []).map(({ volid, size }) => ({
      value: volid,
      label: `${volid.slice(volid.indexOf('/') + 1 || volid.indexOf(':') + 1)} (${bytes(size)})`,
    })),
  }
}
