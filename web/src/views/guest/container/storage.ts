import { useResource, type Guest, type Resource } from '../../../api/resources'
import { useSettings } from '../config/useSettings'

/** The storage that a container's root disk is in; nothing for VMs, whose disks may be in several. */
export function useContainerStorage(guest: Guest): Resource | undefined {
  const { data } = useSettings(guest)
  const volume = guest.type === 'lxc' ? data?.settings.get('rootfs')?.now : undefined
  return useResource(`storage/${guest.node}/${volume?.slice(0, volume.indexOf(':')) ?? ''}`)
}
