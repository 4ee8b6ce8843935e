export const rowOf = async ({ name }) => [name]
