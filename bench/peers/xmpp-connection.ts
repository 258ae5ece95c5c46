import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const domain = 'localhost'
const password = 'secret'

const streamHead =
  `<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' xmlns='jabber:client' ` +
  `xmlns:stream='http://etherx.jabber.org/streams'>`

/** One account's stream, read as text: what is looked for are ends of elements that we know. */
export class XmppConnection {
  readonly user: string
  readonly #socket: Socket
  #received = ''
  /** An element ends with this, and whoever waits for it gets all up to there. */
  #ending = ''
  #onElement: (text: string) => void = () => {}
  #onClose: (error: Error) => void = () => {}

  /** Registers the account where that is asked for, and logs it in. */
  static async open(port: number, user: string, { register = false } = {}): Promise<XmppConnection> {
    if (register) (await XmppConnection.#begin(port, user, true)).close()
    return XmppConnection.#begin(port, user, false)
  }

  static async #begin(port: number, user: string, register: boolean): Promise<XmppConnection> {
    const socket = connect(port, '127.0.0.1').setNoDelay()
    await once(socket, 'connect')
    const connection = new XmppConnection(socket, user)
    await connection.ask(streamHead, '</stream:features>')
    if (register) await connection.#register()
    else await connection.#logIn()
    return connection
  }

  private constructor(socket: Socket, user: string) {
    this.user = user
    this.#socket = socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#receive(text))
    socket.on('error', () => {})
    socket.on('close', () => this.#onClose(new Error(`the stream of ${user} was closed`)))
  }

  /** Sends, and resolves with what comes up to `ending`. */
  ask(text: string, ending: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#onClose = reject
      this.listen(ending, resolve)
      this.#socket.write(text)
    })
  }

  /** Gives every element that ends so to `onElement`, with what came before it. */
  listen(ending: string, onElement: (text: string) => void): void {
    this.#ending = ending
    this.#onElement = onElement
  }

  write(text: string): void {
    this.#socket.write(text)
  }

  /** To the account `to`; `id` comes back with it. */
  send(to: string, id: string, text: string): void {
    this.write(`<message to='${to}@${domain}' type='chat' id='${id}'><body>${text}</body></message>`)
  }

  /** Its archive's newest messages, or those before the archive id `before`. */
  archive(max: number, before = ''): Promise<string> {
    const page = `<max>${max}</max>${before === '' ? '<before/>' : `<before>${before}</before>`}`
    const set = `<set xmlns='http://jabber.org/protocol/rsm'>${page}</set>`
    return this.ask(
      `<iq type='set' id='page'><query xmlns='urn:xmpp:mam:2'>${set}</query></iq>`,
      '</fin></iq>',
    )
  }

  close(): void {
    this.#socket.destroy()
  }

  async #register(): Promise<void> {
    const account = `<username>${this.user}</username><password>${password}</password>`
    this.write(`<iq type='set' id='register'><query xmlns='jabber:iq:register'>${account}</query></iq>`)
    // Servers end an empty answer in one of two ways; the next question tells that it is over.
    const answer = await this.ask(
      `<iq type='get' id='over'><query xmlns='jabber:iq:register'/></iq>`,
      '</iq>',
    )
    if (answer.includes('not-allowed') || answer.includes('forbidden'))
      throw new Error(`not registered: ${answer}`)
  }

  async #logIn(): Promise<void> {
    const plain = Buffer.from(`\0${this.user}\0${password}`).toString('base64')
    const auth = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`
    const answer = await this.ask(auth, '>')
    if (!answer.includes('<success')) throw new Error(`${this.user} may not log in: ${answer}`)
    this.#received = ''
    await this.ask(streamHead, '</stream:features>')
    const bind = `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>`
    await this.ask(`<iq type='set' id='bind'>${bind}</iq>`, '</iq>')
    // It comes back when messages reach this stream.
    await this.ask('<presence/>', '/>')
  }

  #receive(text: string): void {
    this.#received += text
    for (;;) {
      const end = this.#received.indexOf(this.#ending)
      if (this.#ending === '' || end < 0) return
      const element = this.#received.slice(0, end + this.#ending.length)
      this.#received = this.#received.slice(element.length)
      this.#onElement(element)
    }
  }
}
