/** How a case of the one application starts: app.mjs on the shop's database, both watched. */

/** @param settings `pool` connections, `work` milliseconds of CPU, `tables` statements beforehand, and what startProgram knows */
export const startShop =
  ({ pool = 5, work = 5, group, files, tables } = {}) =>
  async (world) => {
    const postgres = await world.postgres()
    if (tables !== undefined) await postgres.sql(tables)
    const environment = { DATABASE_URL: postgres.url, POOL: String(pool), WORK: String(work) }
    const { url, pid, stop } = await world.program('app.mjs', { environment, group, files })
    const probes = [{ kind: 'postgres', url: postgres.url }, ...(group === undefined ? [] : [{ kind: 'cgroup', name: 'app', pid }])]
    return { url, pid, probes, stop }
  }
