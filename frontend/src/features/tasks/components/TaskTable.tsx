import { text } from '@/lib/text';

import { byCategory } from '../filters';
import type { Task } from '../model';
import styles from '../tasks.module.css';
import { TaskRow } from './TaskRow';

const { columns: COLUMNS, caption, runColumn } = text.page.tasks;

export function TaskTable({ tasks }: { tasks: Task[] }) {
  return (
    <div className={`panel ${styles.table}`}>
      <table className="grid cards">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={name === COLUMNS[4] ? 'number' : undefined}>
                {name}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{runColumn}</span>
            </th>
          </tr>
        </thead>
        {byCategory(tasks).map(([category, members]) => (
          <tbody key={category}>
            <tr className={styles.category}>
              <th colSpan={COLUMNS.length + 1} scope="rowgroup">
                {category} <span className="dim small">{members.length}</span>
              </th>
            </tr>
            {members.map((task) => (
              <TaskRow key={task.name} task={task} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
