// The convex hull of points with room round them.
const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

function chain(points) {
  const kept = [];
  points.forEach((point) => {
    while (kept.length > 1 && cross(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    kept.push(point);
  });
  kept.pop();
  return kept;
}

function around([x, y], margin) {
  return Array.from({ length: 8 }, (_, k) => [x + margin * Math.cos((k * Math.PI) / 4), y + margin * Math.sin((k * Math.PI) / 4)]);
}

export function hull(points, margin) {
  const all = points.flatMap((point) => around(point, margin)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (all.length < 3) return [];
  return [...chain(all), ...chain(all.reverse())];
}
