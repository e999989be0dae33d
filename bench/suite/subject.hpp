#pragma once

#include <vector>

namespace bench {

/// Something to be timed: a net with its weights and inputs.
class subject {
 public:
  subject() = default;
  subject(subject const&) = delete;
  subject& operator=(subject const&) = delete;
  virtual ~subject() = default;

  /// Runs the net once.
  virtual void call() = 0;
  /// What the last call computed.
  virtual std::vector<double> output() const = 0;
};

}  // namespace bench
