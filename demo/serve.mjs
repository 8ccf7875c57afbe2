/** A static server of demo/site/; `npm start` prints its address. */
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { SITE } from './build.mjs'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
}
/** That of the page, which holds for its workers too where the server says it. */
const [, POLICY] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(
  fs.readFileSync(new URL('page/index.html', import.meta.url), 'utf8'),
)

/** Serves the folder under a path that ends in '/'; port 0 takes a free one. */
export async function serve({ port = 0, at = '/', more = () => false } = {}) {
  const server = http.createServer((request, response) => {
    if (more(request, response)) return
    const { pathname } = new URL(request.url, 'http://localhost')
    const headers = {
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    }
    const name = pathname.slice(at.length) || 'index.html'
    const file = path.join(SITE, path.normalize(`/${name}`))
    const isThere = pathname.startsWith(at) && fs.statSync(file, { throwIfNoEntry: false })?.isFile()
    if (!isThere) return response.writeHead(404, { ...headers, 'content-type': 'text/plain' }).end(`no ${pathname}`)
    response.writeHead(200, { ...headers, 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' })
    fs.createReadStream(file).pipe(response)
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const end = () => {
    server.closeAllConnections()
    server.close()
  }
  return { address: `http://localhost:${server.address().port}${at}`, end }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env['PORT'] ?? 8080)
  // another port where this one is taken, unless it was asked for
  const served = await serve({ port }).catch((error) => {
    if (error.code !== 'EADDRINUSE' || process.env['PORT'] !== undefined) throw error
    return serve()
  })
  console.log(served.address)
}
