# The wheels are fetched by their hashes; only what the shop runs on goes into the image.
FROM python:3.13-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends binutils
WORKDIR /src
COPY .ci/requirements.lock .ci/
RUN pip download --no-cache-dir --require-hashes --only-binary :all: --dest /wheels -r .ci/requirements.lock
RUN pip install --no-cache-dir --no-index --find-links /wheels hatchling
COPY pyproject.toml README.md ./
COPY prompts prompts
COPY core core
COPY bot bot
# The libraries' tests, sources, headers and symbols stay out, and bytecode is made for what a shop imports: half of the
# size. What lies in *.libs was patched after it was linked and is left as it is.
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheels . \
 && python -m venv --without-pip /zhanggui \
 && pip --python /zhanggui/bin/python install --no-cache-dir --no-compile --no-index --find-links /wheels zhanggui \
 && find /zhanggui -depth -type d -name tests -exec rm -r {} + \
 && find /zhanggui -type f \( -name '*.c' -o -name '*.h' -o -name '*.a' -o -name '*.pyi' \) -delete \
 && find /zhanggui -type f -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
 && /zhanggui/bin/python -c "import bot.__main__, bot.demo.live, core.run, core.outside.model, telegram, wechatpy.enterprise, \
rich.panel, rich.console, prompt_toolkit, matplotlib.figure, matplotlib.backends.backend_agg" \
 && /zhanggui/bin/python -m compileall -q /zhanggui/lib/python3*/site-packages/bot /zhanggui/lib/python3*/site-packages/core

FROM python:3.13-slim
LABEL org.opencontainers.image.title="zhanggui" org.opencontainers.image.version="0.1.0"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin shop && install -d -o shop -g shop -m 700 /data
COPY --from=build /zhanggui /zhanggui
ENV PATH="/zhanggui/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ZHANGGUI__SHOP__DATA_DIR=/data MPLCONFIGDIR=/data/.matplotlib
# Everything the shop keeps, and its config.toml if there is one, lives in /data; the rest may be read-only.
WORKDIR /data
VOLUME /data
USER shop
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["zhanggui", "health"]
ENTRYPOINT ["zhanggui"]
CMD ["run"]
