/**
 * How media is cut: parts of a third of a second, segments of two at the keyframes that are nearest, whose rounded length
 * never passes the target duration.
 */
export const cut = { partSeconds: 0.334, segmentSeconds: 2, longestSegmentSeconds: 2.49, targetSeconds: 2 } as const
