import type { IncomingMessage } from 'node:http';
import type { AnswerHead } from './answerHead.ts';
import { Refusal } from './refusal.ts';

/**
 * The bytes of an answer that were asked for: what lies before them is dropped, what lies behind is not read. As slow as its reader; where
 * nothing moves for `idleSeconds`, on either side, it ends.
 * @throws Refusal where fewer bytes come than were announced, or more than may
 */
export async function* bodyOf(
  response: IncomingMessage,
  { status, skip, length }: AnswerHead,
  { idleSeconds, responseBytes }: { idleSeconds: number; responseBytes: number },
): AsyncGenerator<Buffer> {
  const most = length ?? responseBytes;
  const isCut = status !== response.statusCode;
  let [ahead, given] = [skip, 0];
  let idle = false;
  const timer = setTimeout(() => {
    idle = true;
    response.destroy();
  }, idleSeconds * 1000);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      timer.refresh();
      const from = Math.min(ahead, chunk.length);
      ahead -= from;
      const part = chunk.subarray(from, from + most - given);
      given += part.length;
      if (part.length > 0) yield part;
      timer.refresh();
      const isMore = from + part.length < chunk.length;
      if (length === undefined && isMore)
        throw new Refusal(502, `the answer has more than ${responseBytes} bytes`, 'ask for shorter ranges');
      // Else the end of its framing is read, which keeps the connection.
      if (isMore || (isCut && given === length)) break;
    }
  } catch (error) {
    throw idle ? stalled(idleSeconds) : error;
  } finally {
    clearTimeout(timer);
    if (!response.complete) response.destroy();
  }
  if (idle) throw stalled(idleSeconds);
  if (length !== undefined && given < length)
    throw new Refusal(502, `${given} of ${length} bytes came`, 'the server or its connection broke off: try again');
}

function stalled(seconds: number): Refusal {
  return new Refusal(504, `nothing moved for ${seconds} s`, 'try later');
}
