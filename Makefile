# One surface for everybody: people, continuous integration, README. `make` alone shows the list.
.DEFAULT_GOAL := help
.PHONY: help setup setup-run run test test-packages test-long check fix journeys bench demo reset docs sbom

BIN := .venv/bin
NT := $(BIN)/nhactruong
PYTEST := $(BIN)/python -m pytest

help: ## Danh sách việc
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Cài đủ thư viện theo uv.lock, kể cả phần kiểm thử
	@scripts/setup all

setup-run:
	@scripts/setup run

run: setup-run ## Cài thư viện rồi khởi động văn phòng; dừng bằng Ctrl-C
	@exec $(NT) up

test: test-packages setup check ## Kiểm tra và kiểm thử, không quá 15 phút
	$(PYTEST) -m "not long" --ignore=tests/architecture -n 2 --dist loadscope --no-loadscope-reorder

test-packages:
	@tests/install-system-packages

test-long: test-packages setup ## Kiểm thử dài: ngắt điện, dữ liệu lớn, phục hồi
	$(PYTEST) -m long

check: setup ## Kiểm tra mã nguồn: kiểu, nếp viết, hướng gọi, cấu trúc dữ liệu
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m nhactruong.assembly.cli manage makemigrations --check --dry-run
	$(PYTEST) tests/architecture

fix: setup ## Sửa tự động nếp viết
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

journeys: test-packages setup ## Mười câu chuyện văn phòng trên trình duyệt thật
	$(PYTEST) -m journey

bench: setup ## Đo các con số đã hứa
	$(NT) bench

demo: setup-run ## Nạp cơ quan mẫu và liệt kê tài khoản
	@$(NT) setup
	@$(NT) demo accounts

reset: ## Xóa toàn bộ dữ liệu mẫu trong var/ (cần: make reset CONFIRM=yes)
	@test "$(CONFIRM)" = yes || { echo "Lệnh này xóa hết dữ liệu trong var/; nếu đúng ý, hãy gọi: make reset CONFIRM=yes" >&2; exit 2; }
	@test -z "$(DATABASE_URL)" -a "$(NHACTRUONG_ENV)" != production || { echo "Chỉ xóa được dữ liệu mẫu, không xóa cơ sở dữ liệu đang dùng thật; hãy bỏ DATABASE_URL và NHACTRUONG_ENV." >&2; exit 17; }
	@mkdir -p var/run && flock -n var/run/supervisor.lock rm -rf var || { echo "Nhạc Trưởng đang chạy trên var/; hãy dừng rồi gọi lại." >&2; exit 14; }
	@echo "Đã xóa dữ liệu trong var/."

docs: setup ## Viết lại các trang do máy viết: sơ đồ trạng thái, giấy phép bên thứ ba
	@$(BIN)/python scripts/state_diagrams.py
	@$(BIN)/python scripts/third_party_licences.py

sbom: setup ## Danh sách thành phần phần mềm (CycloneDX) vào reports/
	@$(BIN)/python scripts/sbom.py reports/sbom.json
