/** A console in a window of its own. */
export const ConsolePage = () => null
