/** The product's mark: an eye that watches a pulse. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1971c2" />
      <g stroke="#fff" strokeLinecap="round" strokeLinejoin="round" strokeWidth="2.1">
        <path d="M5.5 16c2.7-4.8 6.2-7.2 10.5-7.2S23.8 11.2 26.5 16c-2.7 4.8-6.2 7.2-10.5 7.2S8.2 20.8 5.5 16Z" />
        <path d="M10.5 16h2.7l1.7-3.3 2.3 6.4 1.6-3.1h2.7" />
      </g>
    </svg>
  );
}
