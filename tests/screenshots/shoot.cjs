// Pictures of an EPUB as foliate-js shows it: node shoot.cjs BOOK.epub FOLDER
// The first screen of every page of the book on a phone, some on a tablet; by day, at night and in
// large type. Nothing is fetched.
const fs = require('fs'), http = require('http'), path = require('path')
const puppeteer = require('puppeteer-core')

const [, , book, folder] = process.argv
const VIEWS = [['title-page', ''], ['nav', ''], ['d1', ''], ['d1', 'd1-source'], ['chronology', ''], ['sources', '']]
const LOOKS = [['light', '100%'], ['dark', '100%'], ['light', '200%']]
const DEVICES = {
  phone: { width: 390, height: 844, deviceScaleFactor: 1, isMobile: true, hasTouch: true },
  tablet: { width: 820, height: 1180, deviceScaleFactor: 1 },
}
const TYPES = { '.js': 'text/javascript', '.html': 'text/html' }

const server = http.createServer((request, response) => {
  const asked = path.normalize(decodeURIComponent(request.url.split('?')[0]))
  const file = asked === '/book.epub' ? book
    : asked === '/reader.html' ? path.join(__dirname, asked) : path.join(process.cwd(), asked)
  fs.readFile(file, (error, data) => {
    response.writeHead(error ? 404 : 200, { 'content-type': TYPES[path.extname(asked)] || 'application/octet-stream' })
    response.end(data)
  })
})

server.listen(0, '127.0.0.1', async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })
  try {
    const shoot = async (device, [theme, letters], [section, anchor]) => {
      const page = await browser.newPage()
      await page.setViewport(DEVICES[device])
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      const query = new URLSearchParams({ section, anchor, size: letters })
      await page.goto(`http://127.0.0.1:${server.address().port}/reader.html?${query}`)
      await page.waitForFunction('window.done', { timeout: 30000 })
      const { error, names } = await page.evaluate('window.done')
      if (error) throw new Error(`${section}: ${error}`)
      await page.screenshot({ path: path.join(folder, `${device}-${theme}-${letters.slice(0, -1)}-${anchor || section}.png`) })
      await page.close()
      return names
    }
    const pages = await shoot('tablet', LOOKS[0], VIEWS[0])
    const first = pages.map(name => [name, '']).concat([['d1', 'd1-source']])
    for (const look of LOOKS) {
      for (const view of first) await shoot('phone', look, view)
      for (const view of VIEWS) await shoot('tablet', look, view)
    }
  } finally { await browser.close(); server.close() }
})
