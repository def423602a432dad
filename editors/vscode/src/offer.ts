type Show = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

/** Show `message` with a button for each of `mends`, and do what the writer chooses. */
export async function offer(show: Show, message: string, mends: Record<string, () => unknown>): Promise<void> {
  const choice = await show(message, ...Object.keys(mends));
  if (choice !== undefined) await mends[choice]?.();
}
