<?php
/**
 * The law's side: what the shop's privacy policy should say of us, and what happens when a person asks for their
 * data or for its removal. The shop's own tools ask Doorstep; when it does not answer they say so.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'admin_init', __NAMESPACE__ . '\\suggest_policy' );
add_filter( 'wp_privacy_personal_data_exporters', __NAMESPACE__ . '\\name_exporter' );
add_filter( 'wp_privacy_personal_data_erasers', __NAMESPACE__ . '\\name_eraser' );

function suggest_policy() {
	$said = array(
		__( 'We use Doorstep to write to you about your order: the confirmation, news of the delivery and, some days after it has arrived, the question how you like it.', 'doorstep' ),
		__( 'For this Doorstep receives your name, e-mail address, phone number, postal addresses and orders, with products, prices, shipping and refunds. It keeps the mails that it sent you, what you wrote in a review, and which mails you do not want.', 'doorstep' ),
		__( 'When you open one of its pages in our shop, our server passes on your network address, your language, what you typed there and, if you are logged in, your customer number. It is used to answer you and to stop whoever guesses order numbers. No cookie is set for it or passed on.', 'doorstep' ),
		__( 'Product pages that show stars or reviews load a script from Doorstep. Your browser then tells it your network address; the script sets no cookie and stores nothing.', 'doorstep' ),
	);
	wp_add_privacy_policy_content( 'Doorstep', wp_kses_post( '<p>' . implode( '</p><p>', $said ) . '</p>' ) );
}

function name_exporter( $exporters ) {
	$exporters['doorstep'] = array(
		'exporter_friendly_name' => 'Doorstep',
		'callback'               => __NAMESPACE__ . '\\export_person',
	);
	return $exporters;
}

function name_eraser( $erasers ) {
	$erasers['doorstep'] = array(
		'eraser_friendly_name' => 'Doorstep',
		'callback'             => __NAMESPACE__ . '\\erase_person',
	);
	return $erasers;
}

/** Everything that Doorstep keeps of the person. An export has no place for a message, so the failure is a line of it. */
function export_person( $email ) {
	if ( ! is_connected() ) {
		return exported( array() );
	}
	$told = told_by_door( 'export', $email );
	if ( null === $told || ! isset( $told['groups'] ) || ! is_array( $told['groups'] ) ) {
		$words = __( 'Doorstep did not answer. What it keeps of this person is missing here: please repeat the export later.', 'doorstep' );
		return exported( array( export_item( 'doorstep', 'Doorstep', 0, array( export_line( __( 'Not complete', 'doorstep' ), $words ) ) ) ) );
	}
	$data = array();
	foreach ( array_values( $told['groups'] ) as $group_number => $group ) {
		if ( is_array( $group ) && isset( $group['items'] ) && is_array( $group['items'] ) ) {
			$data = array_merge( $data, items_of_group( $group_number, $group ) );
		}
	}
	return exported( $data );
}

function items_of_group( $group_number, array $group ) {
	$title = 'Doorstep: ' . plain( isset( $group['title'] ) ? $group['title'] : '' );
	$items = array();
	foreach ( array_values( $group['items'] ) as $number => $item ) {
		$lines = array();
		foreach ( is_array( $item ) ? $item : array() as $line ) {
			if ( is_array( $line ) && isset( $line['name'], $line['value'] ) ) {
				$lines[] = export_line( $line['name'], $line['value'] );
			}
		}
		if ( $lines ) {
			$items[] = export_item( 'doorstep-' . $group_number, $title, $number, $lines );
		}
	}
	return $items;
}

function export_item( $group, $title, $number, array $lines ) {
	return array(
		'group_id'    => $group,
		'group_label' => $title,
		'item_id'     => $group . '-' . $number,
		'data'        => $lines,
	);
}

/** WordPress writes the value into an HTML file as it is. */
function export_line( $name, $value ) {
	return array(
		'name'  => plain( $name ),
		'value' => nl2br( esc_html( is_scalar( $value ) ? (string) $value : '' ) ),
	);
}

function exported( array $data ) {
	return array(
		'data' => $data,
		'done' => true,
	);
}

/** Doorstep removes the person in a job of its own; what it must keep it says. */
function erase_person( $email ) {
	if ( ! is_connected() ) {
		return erased( false, false, array() );
	}
	$told = told_by_door( 'erase', $email );
	if ( null === $told || ! isset( $told['removed'] ) ) {
		return erased( false, true, array( __( 'Doorstep did not answer, so it may still keep data of this person. Please repeat the request later.', 'doorstep' ) ) );
	}
	$messages = isset( $told['messages'] ) && is_array( $told['messages'] ) ? $told['messages'] : array();
	return erased( (bool) $told['removed'], ! empty( $told['kept'] ), array_filter( array_map( __NAMESPACE__ . '\\plain', $messages ) ) );
}

/** The page of the request writes messages as markup. */
function erased( $removed, $retained, array $messages ) {
	return array(
		'items_removed'  => $removed,
		'items_retained' => $retained,
		'messages'       => array_map( 'esc_html', array_values( $messages ) ),
		'done'           => true,
	);
}

/** Null for whatever is no answer of Doorstep. */
function told_by_door( $action, $email ) {
	$got = tell( $action, array( 'email' => (string) $email ) );
	if ( ! is_array( $got ) || 200 !== (int) wp_remote_retrieve_response_code( $got ) ) {
		return null;
	}
	$told = json_decode( wp_remote_retrieve_body( $got ), true );
	return is_array( $told ) ? $told : null;
}

function plain( $text ) {
	return is_scalar( $text ) ? sanitize_text_field( (string) $text ) : '';
}
