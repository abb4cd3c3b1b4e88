import type { LifelineGeometry } from "./geometry.ts";

/** Small in lists, large on a page of its own. */
export type LifelineSize = "small" | "large";

/** A share of the width as CSS and SVG write it. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

/** Where the line lies, and how far the marks reach, in pixels. */
const MEASURES = {
  small: { y: 14, gate: 0, due: 6, urgent: 6, cross: 4, widths: [2.5, 3.75, 5] },
  large: { y: 30, gate: 7, due: 12, urgent: 12, cross: 5.5, widths: [3.5, 5.5, 7.5] },
} as const;

type PartProps = { geometry: LifelineGeometry; size: LifelineSize };

/** What has been lived: a thin trace, and the stem of earlier tokens. */
export function Track({ geometry, size }: PartProps) {
  const { y } = MEASURES[size];
  const { start, present, end, isOver, hasEarlierGrowth } = geometry;
  return (
    <svg className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
      {start > 0 && (
        <line
          x1={0}
          x2={percent(start)}
          y1={y}
          y2={y}
          className="stroke-evergreen"
          strokeWidth="2"
          strokeLinecap="round"
          {...(hasEarlierGrowth ? { strokeDasharray: "1 5" } : {})}
        />
      )}
      <line
        x1={percent(start)}
        x2={percent(isOver ? end : present)}
        y1={y}
        y2={y}
        className="stroke-outline"
        strokeWidth="1.5"
        strokeDasharray={isOver ? "2 4" : "none"}
      />
    </svg>
  );
}

type LivePartProps = PartProps & { hasGrownBack: boolean; isDashed: boolean };

/** What is left, heavier the nearer it comes to its end, with the attempts to come above it. */
export function LivePart({ geometry, size, hasGrownBack, isDashed }: LivePartProps) {
  const { y, widths } = MEASURES[size];
  const { start, due, urgent, end, ticks, isOver } = geometry;
  if (isOver) return null;
  const segments = [
    { from: start, to: due, width: widths[0] },
    { from: due, to: urgent, width: widths[1] },
    { from: urgent, to: end, width: widths[2] },
  ];
  return (
    <div
      className={`lifeline-live absolute inset-0 ${hasGrownBack ? "lifeline-grown" : ""}`}
      style={{ "--present": percent(geometry.present) }}
      aria-hidden="true"
    >
      <svg className="size-full overflow-visible stroke-(--line)">
        {segments.map(({ from, to, width }) => (
          <line
            key={width}
            x1={percent(from)}
            x2={percent(to)}
            y1={y}
            y2={y}
            strokeWidth={width}
            {...(isDashed ? { strokeDasharray: "6 5" } : {})}
          />
        ))}
        {size === "large" &&
          ticks.map((x, index) => (
            <line
              key={x}
              className={index % 2 === 0 ? "" : "max-sm:hidden"}
              x1={percent(x)}
              x2={percent(x)}
              y1={y - 15}
              y2={y - 9}
              strokeWidth="1.25"
              strokeLinecap="round"
            />
          ))}
      </svg>
    </div>
  );
}

/** The gate, due, urgent and the end. */
export function Milestones({ geometry, size, isEndOpen }: PartProps & { isEndOpen: boolean }) {
  const { y, gate, due, urgent, cross } = MEASURES[size];
  const hasGate = gate > 0 && geometry.gate > geometry.start;
  return (
    <svg className="absolute inset-0 size-full overflow-visible stroke-outline" aria-hidden="true">
      {hasGate && <Post x={geometry.gate} y={y} reach={gate} isDotted />}
      <Post x={geometry.due} y={y} reach={due} isDotted />
      <Post x={geometry.urgent} y={y} reach={urgent} />
      {isEndOpen && (
        <line
          x1={percent(geometry.end)}
          x2="100%"
          y1={y}
          y2={y}
          strokeWidth="1.5"
          strokeLinecap="round"
          strokeDasharray="1 5"
        />
      )}
      <svg x={percent(geometry.end)} y={y} overflow="visible">
        {isEndOpen ? (
          <path
            d={`M0 ${-cross} L${cross} 0 L0 ${cross} L${-cross} 0 Z`}
            className="fill-(--around) stroke-ink"
            strokeWidth="1.75"
          />
        ) : (
          <>
            {/* Paper around the strokes keeps them apart from the line's heavy end. */}
            <path d={crossing(cross)} className="stroke-(--around)" strokeWidth="5" strokeLinecap="round" />
            <path d={crossing(cross)} className="stroke-ink" strokeWidth="1.75" strokeLinecap="round" />
          </>
        )}
      </svg>
    </svg>
  );
}

function crossing(reach: number): string {
  return `M${-reach} ${-reach} L${reach} ${reach} M${-reach} ${reach} L${reach} ${-reach}`;
}

type PostProps = { x: number; y: number; reach: number; isDotted?: boolean };

function Post({ x, y, reach, isDotted }: PostProps) {
  return (
    <line
      x1={percent(x)}
      x2={percent(x)}
      y1={y - reach}
      y2={y + reach}
      strokeWidth="1.5"
      {...(isDotted ? { strokeDasharray: "2 2.5" } : {})}
    />
  );
}

/** The tokens of the past and the present one: a root, then leaves. */
export function GrowthMarks({ geometry }: { geometry: LifelineGeometry }) {
  const { y } = MEASURES.large;
  return (
    <svg className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
      {geometry.growth.map(({ at, x, kind, side }) => (
        <svg key={at} x={percent(x)} y={y} overflow="visible">
          {kind === "root" ? (
            <circle r="4.5" className="fill-paper stroke-evergreen" strokeWidth="2.25" />
          ) : (
            <g transform={side === "above" ? "scale(1.2)" : "scale(1.2 -1.2)"}>
              <path
                d="M0 0 C-2 -7 2 -13.5 11 -14.5 C11.5 -6.5 7.5 -1 0 0 Z"
                className="fill-leaf stroke-paper"
                strokeWidth="1"
              />
              <path d="M0.5 -0.5 L6.5 -8.5" className="stroke-paper" strokeWidth="1" />
            </g>
          )}
        </svg>
      ))}
    </svg>
  );
}
