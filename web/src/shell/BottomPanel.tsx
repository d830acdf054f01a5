/** Tasks and the cluster log. */
export const BottomPanel = (_: { narrow: boolean }) => <footer />
