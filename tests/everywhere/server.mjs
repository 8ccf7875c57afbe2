/** A static server of dist/, of this folder, and of the fixture. */
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFixture } from './fixture.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript' }

/** The policy that a strict site has, as the README gives it. */
export const STRICT = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"

/** Serves on a free port until `end`; every answer has the policy. */
export async function startServer(policy) {
  const headers = policy ? { 'content-security-policy': policy } : {}
  let hear = () => {}
  const receive = async (request, response) => {
    hear((await request.toArray()).join(''))
    response.end()
  }
  /** What the next page posts that is asked to, by `post` in its query. */
  const outcome = (ms) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no outcome after ${ms} ms`)), ms)
      hear = (text) => {
        clearTimeout(timer)
        resolve(text)
      }
    })
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const answer = (status, type, body) => response.writeHead(status, { 'content-type': type, ...headers }).end(body)
    if (pathname === '/outcome') return receive(request, response)
    if (pathname === '/fixture.json') return answer(200, 'application/json', JSON.stringify(readFixture()))
    const served =
      /^\/(dist|tests\/everywhere|tests\/out\/suites)\/[\w-]+\.\w+$/.test(pathname) && path.join(ROOT, pathname)
    if (!served || !fs.existsSync(served)) return answer(404, 'text/plain', `no ${pathname}`)
    answer(200, TYPES[path.extname(served)] ?? 'application/octet-stream', fs.readFileSync(served))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const page = (query) =>
    `http://127.0.0.1:${server.address().port}/tests/everywhere/page.html?${new URLSearchParams(query)}`
  const end = () => {
    server.closeAllConnections()
    server.close()
  }
  return { page, outcome, end }
}
