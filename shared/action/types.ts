import type { ActionType } from './define.ts';
import { ack } from './types/ack/ack.ts';
import { aprv } from './types/aprv/aprv.ts';
import { cmnt } from './types/cmnt/cmnt.ts';
import { conn } from './types/conn/conn.ts';
import { conv } from './types/conv/conv.ts';
import { fllw } from './types/fllw/fllw.ts';
import { fshr } from './types/fshr/fshr.ts';
import { idp } from './types/idp/idp.ts';
import { invt } from './types/invt/invt.ts';
import { msg } from './types/msg/msg.ts';
import { post } from './types/post/post.ts';
import { pres } from './types/pres/pres.ts';
import { proxy } from './types/proxy/proxy.ts';
import { react } from './types/react/react.ts';
import { repost } from './types/repost/repost.ts';
import { stat } from './types/stat/stat.ts';
import { subs } from './types/subs/subs.ts';

/** The list of action types: a new one is a folder and a line here. */
export const actionTypes: readonly ActionType[] = [
  post,
  cmnt,
  react,
  repost,
  fllw,
  conn,
  msg,
  conv,
  subs,
  invt,
  aprv,
  stat,
  fshr,
  pres,
  ack,
  proxy,
  idp,
];
