/** All resources by server, folder, pool or tag. */
export const Tree = () => null
