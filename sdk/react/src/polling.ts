'use client';
/** Data of the API that is loaded, and loaded again while the page is visible. */

import { useCallback, useEffect, useRef, useState } from 'react';

import { messageOf } from './messages.js';

export interface Polled<T> {
  data: T | undefined;
  /** Why the last attempt failed; data of an earlier one is kept. */
  error: string | undefined;
  /** True until the first attempt with this `load` function has ended. */
  isLoading: boolean;
  reload: () => Promise<void>;
}

interface Loaded<T> {
  data?: T;
  error?: string;
  by?: () => Promise<T>;
}

/**
 * Load data, and load it again every `interval` milliseconds.
 *
 * While the page is hidden nothing is loaded; as soon as it is shown or online again, it is. A new
 * `load` function loads at once, and results of the one before are dropped.
 */
export function usePolling<T>(load: () => Promise<T>, interval: number): Polled<T> {
  const [state, setState] = useState<Loaded<T>>({});
  const current = useRef(load);
  current.current = load;

  const reload = useCallback(async () => {
    let result: Loaded<T>;
    try {
      result = { data: await load() };
    } catch (error) {
      result = { error: messageOf(error) };
    }
    if (current.current !== load) return;
    setState((before) => ({
      ...(before.data === undefined ? {} : { data: before.data }),
      ...result,
      by: load,
    }));
  }, [load]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    const isHidden = (): boolean => document.visibilityState === 'hidden';
    const run = async (): Promise<void> => {
      clearTimeout(timer);
      await reload();
      clearTimeout(timer);
      if (!isStopped && interval > 0 && !isHidden()) timer = setTimeout(run, interval);
    };
    const onVisibilityChange = (): void => {
      if (isHidden()) clearTimeout(timer);
      else if (interval > 0) void run();
    };
    const onOnline = (): void => {
      if (!isHidden()) void run();
    };
    void run();
    document.addEventListener('visibilitychange', onVisibilityChange);
    addEventListener('online', onOnline);
    return () => {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibilityChange);
      removeEventListener('online', onOnline);
    };
  }, [reload, interval]);

  return { data: state.data, error: state.error, isLoading: state.by !== load, reload };
}
