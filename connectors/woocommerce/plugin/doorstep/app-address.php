<?php
/**
 * Where the Doorstep answers that this copy of the plugin belongs to. `make plugin` writes it.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const APP_ADDRESS = 'https://app.example';

/** The constant DOORSTEP_APP in wp-config.php wins: for another installation, or one to try. */
function app_address() {
	$address = defined( 'DOORSTEP_APP' ) ? (string) constant( 'DOORSTEP_APP' ) : APP_ADDRESS;
	return rtrim( $address, '/' );
}
