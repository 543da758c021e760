// Measures nmslib/hnswlib for the vector benchmark. Its searches are timed here, so that talking
// to it costs them nothing.
//
//   hnswlib BASE QUERIES DIMENSION M EF_CONSTRUCTION     files of unit vectors, fp32
//
// Commands on standard input, one a line, each answered with one line:
//
//   build THREADS SECONDS_MAX            built SECONDS BYTES, or slow COUNT SECONDS
//   run EF K FIRST SECONDS THREADS       ran SEARCHES NANOS, of all threads together
//   each EF K FILE                       wrote, to FILE: K labels (int32, -1 where there is none) of
//                                        every query, best first; then the nanoseconds (int64)
#include <hnswlib/hnswlib.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Index = hnswlib::HierarchicalNSW<float>;

constexpr double kJudgedAfterSeconds = 10;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

int64_t nanosSince(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

std::vector<float> read(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<float> floats(static_cast<size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(floats.data()), floats.size() * sizeof(float));
  if (!file) {
    std::cerr << "cannot read " << path << std::endl;
    std::exit(2);
  }
  return floats;
}

void onThreads(int threads, const std::function<void(int)>& work) {
  std::vector<std::thread> others;
  for (int i = 1; i < threads; i++) {
    others.emplace_back(work, i);
  }
  work(0);
  for (std::thread& other : others) {
    other.join();
  }
}

void build(Index& index, const std::vector<float>& base, size_t dimension, int threads,
           double secondsMax) {
  const size_t count = base.size() / dimension;
  const Clock::time_point start = Clock::now();
  std::atomic<size_t> next{1};
  std::atomic<bool> slow{false};
  index.addPoint(base.data(), 0);
  onThreads(threads, [&](int) {
    for (size_t i; !slow && (i = next++) < count;) {
      index.addPoint(base.data() + i * dimension, i);
      const double seconds = secondsSince(start);
      slow = slow || (seconds > kJudgedAfterSeconds && seconds / i * count > secondsMax);
    }
  });
  if (slow) {
    std::cout << "slow " << index.cur_element_count << ' ' << secondsSince(start) << std::endl;
    return;
  }
  const double seconds = secondsSince(start);
  size_t bytes = index.max_elements_ * (index.size_data_per_element_ + sizeof(char*));
  for (const int level : index.element_levels_) {
    bytes += level * index.size_links_per_element_;
  }
  std::cout << "built " << seconds << ' ' << bytes << std::endl;
}

// Sets the first labels, best first; returns how many there are.
int search(const Index& index, const float* query, int k, int32_t* labels) {
  auto found = index.searchKnn(query, k);
  const int count = static_cast<int>(found.size());
  for (int i = count; i-- > 0; found.pop()) {
    labels[i] = static_cast<int32_t>(found.top().second);
  }
  return count;
}

void run(const Index& index, const std::vector<float>& queries, size_t dimension, int k,
         size_t first, double seconds, int threads) {
  const size_t count = queries.size() / dimension;
  std::atomic<int64_t> searches{0}, nanos{0};
  onThreads(threads, [&](int thread) {
    std::vector<int32_t> labels(k);
    size_t query = (first + thread * count / threads) % count;
    int64_t done = 0;
    const Clock::time_point start = Clock::now();
    do {
      for (int i = 0; i < 8; i++, done++) {
        search(index, queries.data() + query * dimension, k, labels.data());
        query = query + 1 == count ? 0 : query + 1;
      }
    } while (secondsSince(start) < seconds);
    searches += done;
    nanos += nanosSince(start);
  });
  std::cout << "ran " << searches << ' ' << nanos << std::endl;
}

void each(const Index& index, const std::vector<float>& queries, size_t dimension, int k,
          const std::string& path) {
  const size_t count = queries.size() / dimension;
  std::vector<int32_t> labels(count * k, -1);
  std::vector<int64_t> nanos(count);
  for (size_t query = 0; query < count; query++) {
    const Clock::time_point start = Clock::now();
    search(index, queries.data() + query * dimension, k, labels.data() + query * k);
    nanos[query] = nanosSince(start);
  }
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(labels.data()), labels.size() * sizeof(int32_t));
  file.write(reinterpret_cast<const char*>(nanos.data()), nanos.size() * sizeof(int64_t));
  file.close();
  std::cout << (file ? "wrote" : "failed") << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: hnswlib BASE QUERIES DIMENSION M EF_CONSTRUCTION" << std::endl;
    return 2;
  }
  const size_t dimension = std::strtoul(argv[3], nullptr, 10);
  std::vector<float> base = read(argv[1]);
  const std::vector<float> queries = read(argv[2]);
  hnswlib::InnerProductSpace space(dimension);
  Index index(&space, base.size() / dimension, std::strtoul(argv[4], nullptr, 10),
              std::strtoul(argv[5], nullptr, 10));
  for (std::string command; std::cin >> command;) {
    int ef, k, threads;
    size_t first;
    double seconds;
    std::string path;
    if (command == "build" && std::cin >> threads >> seconds) {
      build(index, base, dimension, threads, seconds);
      std::vector<float>().swap(base);
    } else if (command == "run" && std::cin >> ef >> k >> first >> seconds >> threads) {
      index.setEf(ef);
      run(index, queries, dimension, k, first, seconds, threads);
    } else if (command == "each" && std::cin >> ef >> k >> path) {
      index.setEf(ef);
      each(index, queries, dimension, k, path);
    } else {
      std::cerr << "not a command: " << command << std::endl;
      return 2;
    }
  }
  return 0;
}
