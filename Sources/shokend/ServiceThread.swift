// SPDX-License-Identifier: Apache-2.0
import DocumentPipeline
import Glibc
import Synchronization

/// The one thread on which the daemon's tasks decide and wait: it sleeps until a task can go on or a time has come.
///
/// The threads that the runtime would give them are libdispatch's, which wakes once a second to look after them, for
/// as long as the process lives. What computes, reads a pipe or walks through a storage has a thread of its own.
///
/// `@unchecked Sendable` because what can change is touched under the lock alone.
final class ServiceThread: TaskExecutor, @unchecked Sendable {
    private struct SetAlarm {
        let number: Int
        let due: Int64
        let call: @Sendable () -> Void
    }

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let news = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var alarms: [SetAlarm] = []
    private var alarmsSoFar = 0
    private var isDone = false

    init() {
        pthread_mutex_init(lock, nil)
        // A clock that nobody sets: a wait must not grow when the time of day is put back.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(news, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(news)
        pthread_mutex_destroy(lock)
        news.deallocate()
        lock.deallocate()
    }

    /// Runs a task, with all that belongs to it, on the calling thread until the task has ended.
    func run(_ body: @escaping @Sendable () async throws -> Void) throws {
        let failure = Failure()
        Task(executorPreference: self) {
            do { try await body() } catch { failure.error.withLock { $0 = error } }
            self.change { self.isDone = true }
        }
        work()
        if let error = failure.error.withLock({ $0 }) { throw error }
    }

    private final class Failure: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        change { jobs.append(job) }
    }

    /// Alarms that ring on this thread.
    var alarm: Alarm {
        Alarm { [self] duration, call in
            var number = 0
            change {
                alarmsSoFar += 1
                number = alarmsSoFar
                let (due, isLate) = Self.now.addingReportingOverflow(duration.nanoseconds)
                alarms.append(
                    SetAlarm(number: number, due: isLate ? .max : due, call: call))
            }
            return { [number] in self.change { self.alarms.removeAll { $0.number == number } } }
        }
    }

    private func change(_ body: () -> Void) {
        pthread_mutex_lock(lock)
        body()
        pthread_cond_signal(news)
        pthread_mutex_unlock(lock)
    }

    private func work() {
        while let (jobs, rung) = next() {
            for alarm in rung { alarm.call() }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// What is to be done next, after a sleep until there is something; nil when the task has ended.
    private func next() -> (jobs: [UnownedJob], rung: [SetAlarm])? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            let now = Self.now
            let rung = alarms.filter { $0.due <= now }
            if !rung.isEmpty || !jobs.isEmpty {
                defer {
                    jobs = []
                    alarms.removeAll { $0.due <= now }
                }
                return (jobs, rung)
            }
            if isDone { return nil }
            guard let due = alarms.map(\.due).min() else {
                pthread_cond_wait(news, lock)
                continue
            }
            var time = timespec(
                tv_sec: Int(due / 1_000_000_000), tv_nsec: Int(due % 1_000_000_000))
            pthread_cond_timedwait(news, lock, &time)
        }
    }

    /// Nanoseconds since the start of the machine.
    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
