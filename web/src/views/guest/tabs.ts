import type { Tab } from '../../ui/Tabs'
import type { GuestProps } from './GuestView'

export const tabs: readonly Tab<GuestProps>[] = []
