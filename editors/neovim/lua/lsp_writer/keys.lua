local M = {}

---What `key` is mapped to beneath our mapping: the buffer's own mapping of before, else the global one as it is now,
---since a plugin may map it later than we do.
---@param key string
---@param own? table what `maparg` said of the buffer before we mapped it
---@return table? mapping
local function mapping_beneath(key, own)
  if own then
    return own
  end
  for _, mapping in ipairs(vim.api.nvim_get_keymap('i')) do
    if vim.keycode(mapping.lhs) == vim.keycode(key) then
      return mapping
    end
  end
end

---The keys that a mapping stands for, or nil if it did its work itself.
---@param mapping table
---@return string?
local function resolve(mapping)
  local rhs = mapping.rhs and mapping.rhs:gsub('<SID>', ('<SNR>%d_'):format(mapping.sid))
  if mapping.expr == 0 then
    if mapping.callback then
      mapping.callback()
      return nil
    end
    return vim.keycode(rhs)
  end
  local keys = mapping.callback and mapping.callback() or rhs and vim.api.nvim_eval(rhs)
  return keys and mapping.replace_keycodes == 1 and vim.keycode(keys) or keys
end

---@param key string
---@param mapping table?
local function press(key, mapping)
  local keys = vim.keycode(key)
  local remap = false
  if mapping then
    keys = resolve(mapping)
    remap = mapping.noremap == 0
  end
  if keys then
    vim.api.nvim_feedkeys(keys, remap and 'im' or 'in', false)
  end
end

---Whether the writer has chosen from the completion menu, whose keys go first then.
---@return boolean
local function has_chosen()
  return vim.fn.pumvisible() == 1 and vim.fn.complete_info({ 'selected' }).selected >= 0
end

---While the client is attached, `key` in Insert mode does `act`; where there is nothing to do, and while something is
---chosen in the completion menu, it does what it did before.
---@param client vim.lsp.Client
---@param buffer integer
---@param key string
---@param description string
---@param act fun(): boolean whether there was something to do
function M.map(client, buffer, key, description, act)
  local before = vim.api.nvim_buf_call(buffer, function()
    return vim.fn.maparg(key, 'i', false, true)
  end)
  local own = before.buffer == 1 and before or nil
  vim.keymap.set('i', key, function()
    if has_chosen() or not act() then
      press(key, mapping_beneath(key, own))
    end
  end, { buffer = buffer, desc = description })

  vim.api.nvim_create_autocmd('LspDetach', {
    buffer = buffer,
    callback = function(event)
      if event.data.client_id ~= client.id then
        return
      end
      vim.keymap.del('i', key, { buffer = buffer })
      if own then
        vim.api.nvim_buf_call(buffer, function()
          vim.fn.mapset(own)
        end)
      end
      return true -- removes this autocommand
    end,
  })
end

return M
