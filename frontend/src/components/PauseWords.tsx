import type { Pause } from '@/lib/pause';
import { text } from '@/lib/text';

import { When } from './When';

const words = text.page.pause;

/** Who paused it, until when and why, in one sentence. */
export function PauseWords({ pause }: { pause: Pause }) {
  return (
    <>
      {words.by(words.scopes[pause.scope], pause.actorName)}{' '}
      {pause.until ? (
        <>
          {words.until} <When at={pause.until} as="exact" />
        </>
      ) : (
        words.open
      )}
      : {pause.reason}
    </>
  );
}
