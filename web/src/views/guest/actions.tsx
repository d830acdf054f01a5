import type { Guest } from '../../api/resources'

/** Buttons above a guest: power, console, more. */
export const GuestActions = (_: { guest: Guest }) => null
