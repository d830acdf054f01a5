/** Search over everything, by Ctrl K. */
export const Palette = () => null
