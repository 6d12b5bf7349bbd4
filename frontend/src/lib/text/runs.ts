export const runs = {
  caption: 'Runs, newest first',
  noMatch: 'No run matches these filters.',
  task: 'Task',
  allTasks: 'All tasks',
  addState: 'Add a state',
  anotherState: 'Another one …',
  anyState: 'Any state',
  asked: 'Asked for',
  anyWay: 'In any way',
  by: 'By',
  byActor: (actor: string) => `by ${actor}`,
} as const;
