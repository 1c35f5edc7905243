/**
 * The most memory (resident set, bytes) that the process held during a run.
 *
 * The system keeps one maximum for the life of the process. When it grows during the run it is the run's own peak, exactly;
 * otherwise the peak is the largest of the samples, and a short spike between two of them goes unseen.
 */
export class PeakMemory {
  private readonly before = process.resourceUsage().maxRSS;
  private largest = process.memoryUsage.rss();

  sample(): void {
    this.largest = Math.max(this.largest, process.memoryUsage.rss());
  }

  peak(): number {
    this.sample();
    const maximum = process.resourceUsage().maxRSS;
    // maxRSS counts in KiB.
    return maximum > this.before ? maximum * 1024 : this.largest;
  }
}
