/** The tools that the consumers are built with, each tried with just this release. */
export const versions = {
  '@arethetypeswrong/cli': '0.18.5',
  '@rollup/plugin-node-resolve': '16.0.3',
  '@rollup/plugin-terser': '1.0.2',
  bun: '1.4.5',
  deno: '2.9.5',
  esbuild: '0.28.2',
  parcel: '2.16.4',
  'playwright-core': '1.65.1',
  publint: '0.3.25',
  rollup: '4.67.4',
  typescript: '7.0.2',
  'typescript-5': 'npm:typescript@5.9.3',
  vite: '8.3.8',
  webpack: '5.112.2',
  'webpack-cli': '6.0.1', // 7 asks for Node 22
}

/** Those that fetch or choose their program when they are installed; npm 11 wants to be told. */
export const allowScripts = { bun: true, deno: true, esbuild: true }
