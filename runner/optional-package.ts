/** Packages that are installed only by those who need what they speak with. */

/**
 * @param server what it speaks with, in words
 * @param load the import itself, so that it can be seen which package is meant
 * @throws {Error} the middle of a sentence, with the line that installs it
 */
export const packageFor = async <Package>(server: string, name: string, load: () => Promise<Package>): Promise<Package> => {
  try {
    return await load()
  } catch {
    throw new Error(`the package "${name}" is not installed, which speaks with ${server} (npm install ${name})`)
  }
}
