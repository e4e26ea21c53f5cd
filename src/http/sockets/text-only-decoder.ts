import { Decoder, PacketType } from 'socket.io-parser'

/** Refuses binary packets before any attachment is kept: the contract has none. The caller then closes the connection. */
export class TextOnlyDecoder extends Decoder {
  override add(packet: unknown): void {
    if (typeof packet !== 'string' || isBinaryType(packet)) throw new Error('binary packets are refused')
    super.add(packet)
  }
}

const isBinaryType = (packet: string) => [PacketType.BINARY_EVENT, PacketType.BINARY_ACK].includes(Number(packet[0]))
