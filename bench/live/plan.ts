import type { Did } from '@atcute/lexicons/syntax'
import type { Stage } from '../load/plan.ts'

/** An open loop: so many sends a second, whether those before were answered or not, while every account has a live stream. */
export interface LivePlan {
  port: number
  audience: Did
  stage: Stage
  sendsPerSec: number
  durationMs: number
}

export interface LiveResult {
  sends: number
  /** Frames that came, each with one row or more. */
  frames: number
  /** Of which each came over the streams of both members. */
  messages: number
  /** From the rev, which is handed out just before the commit, to the frame at the other end of the socket. */
  p50Ms: number
  p99Ms: number
  maxMs: number
  clientCpu: number
}
