/** A line to the program that can be made slow, and cut, as lines in the hills are. */
import { connect, createServer, type Server as Listener, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Bytes that pass in one go. */
const portion = 4096

/** Passes bytes between a port of its own and that of the program. */
export class Line {
  /** How fast bytes go up. Bytes a second; nothing for as fast as they come. */
  speed: number | undefined
  #listener: Listener | undefined
  readonly #sockets = new Set<Socket>()

  /** Opens the line to a port and gives the port it listens on. */
  async open(to: number): Promise<number> {
    const listener = createServer((near) => {
      const far = connect(to, 'localhost')
      this.#pass(near, far)
    })
    this.#listener = listener
    return new Promise((found) => {
      listener.listen(0, 'localhost', () => {
        const address = listener.address()
        found(typeof address === 'object' && address ? address.port : 0)
      })
    })
  }

  #pass(near: Socket, far: Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    far.pipe(near)
    void this.#up(near, far)
  }

  async #up(near: Socket, far: Socket): Promise<void> {
    try {
      for await (const chunk of near as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += portion) {
          const part = chunk.subarray(at, at + portion)
          if (this.speed !== undefined) await pause((part.length / this.speed) * 1000)
          far.write(part)
        }
      }
      far.end()
    } catch {
      far.destroy() // whoever was at the other end is gone
    }
  }

  /** Cuts all that is under way; what comes next passes again. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    const listener = this.#listener
    if (listener) await new Promise((done) => listener.close(done))
  }
}
